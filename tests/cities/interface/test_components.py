from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError
from django.test import RequestFactory

from cities.interface.components import register
from cities.interface.guide import NavItem
from cities.interface.icons import ICONS

BLOCK_TAGS = {
    "actions": "",
    "alert": "",
    "breadcrumbs": "",
    "bulk_bar": "",
    "card": "title='t'",
    "cards": "",
    "columns": "",
    "entry": "title='t'",
    "history": "label='l'",
    "photo": "source='/p' alt='a'",
    "photos": "label='l'",
    "confirm": "heading='h' label='l' cancel_url='/'",
    "control": "label='l' id='i'",
    "data_table": "caption='c'",
    "empty_state": "heading='h'",
    "fieldset": "legend='l'",
    "filter_bar": "",
    "map_block": "id='m' data=data label='l'",
    "more": "summary='s'",
    "notice": "label='l'",
    "page_header": "title='t'",
    "panel": "",
    "stats": "",
    "step": "label='l'",
    "summary_list": "",
    "summary_row": "term='t'",
    "tabs": "label='l'",
    "task_list": "",
    "tracker": "label='l'",
}
TAGS = {
    "back_link": "'/'",
    "bar_chart": "points title='t'",
    "button": "'l'",
    "copy_button": "'t'",
    "crumb": "'l'",
    "error_summary": "form",
    "field": "bound",
    "fields": "form",
    "filter_chip": "'l' '/'",
    "icon": "'check'",
    "keys_help": "",
    "line_chart": "points title='t'",
    "link_button": "'/' 'l'",
    "module": "'forms'",
    "nav_links": "items",
    "money_bar": "pool_cents=4 committed_cents=3 paid_cents=2 proved_cents=1",
    "pager": "",
    "progress": "1 label='l'",
    "row_check": "'v' 'l'",
    "sort_header": "'l' 'key'",
    "stat": "'l' 1",
    "status": "'l'",
    "step_progress": "1 2 'l'",
    "submit": "'l'",
    "tab": "'l' '/'",
    "task": "'l'",
}
PAGE = {"data": {"markers": []}, "points": [("a", 1)], "items": [NavItem("l", icon="check", url="/")]}


def test_every_tag_is_tried_here():
    assert set(register.tags) == set(BLOCK_TAGS) | set(TAGS)


@pytest.mark.parametrize("name", sorted(set(TAGS) - {"field", "fields", "error_summary"}))
def test_a_tag_draws_itself(name, draw):
    assert "<" in draw(f"{{% {name} {TAGS[name]} %}}", **PAGE) or name == "pager"


@pytest.mark.parametrize("name", sorted(BLOCK_TAGS))
def test_a_block_keeps_what_stands_in_it(name, draw):
    source = f"{{% {name} {BLOCK_TAGS[name]} %}}<i>inside</i>{{{{ nasty }}}}{{% end{name} %}}"

    html = draw(source, nasty="<script>", **PAGE)

    assert "<i>inside</i>" in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("name", sorted(TAGS))
def test_a_misspelt_prop_of_a_tag_does_not_compile(name, draw):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'tonne'"):
        draw(f"{{% if False %}}{{% {name} {TAGS[name]} tonne='x' %}}{{% endif %}}")


@pytest.mark.parametrize("name", sorted(BLOCK_TAGS))
def test_a_misspelt_prop_of_a_block_does_not_compile(name, draw):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'tonne'"):
        draw(f"{{% if False %}}{{% {name} {BLOCK_TAGS[name]} tonne='x' %}}{{% end{name} %}}{{% endif %}}")


@pytest.mark.parametrize(
    "source",
    [
        "{% status 'x' tone='purple' %}",
        "{% panel tone='purple' %}{% endpanel %}",
        "{% alert tone='neutral' %}{% endalert %}",
        "{% submit 'x' kind='huge' %}",
        "{% submit 'x' size='huge' %}",
        "{% task 'x' state='finished' %}",
        "{% step label='x' state='finished' %}{% endstep %}",
        "{% columns ratio='odd' %}{% endcolumns %}",
        "{% map_block id='m' data=data label='l' background='mars' %}{% endmap_block %}",
        "{% icon 'unicorn' %}",
    ],
)
def test_a_value_that_no_component_knows_is_refused(source, draw):
    with pytest.raises(TemplateSyntaxError, match=r"expected one of|No icon"):
        draw(source, **PAGE)


@pytest.mark.parametrize(
    "source",
    [
        "{% status nasty %}",
        "{% submit nasty %}",
        "{% link_button nasty nasty %}",
        "{% panel heading=nasty %}{% endpanel %}",
        "{% page_header title=nasty lead=nasty eyebrow=nasty %}{% endpage_header %}",
        "{% data_table caption=nasty %}{% enddata_table %}",
        "{% task nasty url=nasty hint=nasty %}",
        "{% stat nasty nasty url=nasty hint=nasty %}",
        "{% row_check nasty nasty %}",
        "{% copy_button nasty %}",
        "{% filter_chip nasty nasty %}",
        "{% crumb nasty nasty %}",
        "{% bar_chart points title=nasty %}",
        "{% line_chart points title=nasty %}",
        "{% map_block id='m' data=data label=nasty %}{% endmap_block %}",
        "{% icon 'check' label=nasty %}",
        "{% card title=nasty url=nasty eyebrow=nasty image=nasty image_alt=nasty %}{% endcard %}",
        "{% photo source=nasty alt=nasty url=nasty %}{% endphoto %}",
        "{% entry title=nasty who=nasty %}{% endentry %}",
    ],
)
def test_props_are_escaped(source, draw):
    nasty = '"><script>'
    page = {"data": {"markers": [{"label": nasty, "url": nasty, "text": nasty}]}, "points": [(nasty, 1)]}

    assert "<script>" not in draw(source, nasty=nasty, **page).replace('<script type="module"', "")


def test_an_icon_is_silent_unless_it_is_named(draw):
    assert 'aria-hidden="true"' in draw("{% icon 'check' %}")
    assert 'role="img" aria-label="Done"' in draw("{% icon 'check' label='Done' %}")


def test_a_state_is_an_icon_and_a_word(draw):
    html = draw("{% status 'Submitted' tone='info' %}")

    assert "#info" in html
    assert "<span>Submitted</span>" in html


def test_a_locked_task_leads_nowhere(draw):
    assert "<a" not in draw("{% task 'Send' url='/send' state='locked' %}")
    assert 'href="/send"' in draw("{% task 'Send' url='/send' %}")


def test_only_the_current_step_is_called_current(draw):
    html = draw(
        "{% step label='a' state='done' %}{% endstep %}{% step label='b' state='current' %}{% endstep %}"
    )

    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize(
    ("query", "aria", "link"),
    [
        ("", "", "?sort=asked"),
        ("sort=asked&ward=5", ' aria-sort="ascending"', "?sort=-asked&amp;ward=5"),
        ("sort=-asked&after=xyz", ' aria-sort="descending"', "?sort=asked"),
        ("sort=name", "", "?sort=asked"),
    ],
)
def test_a_sort_link_keeps_filters_and_drops_the_page(query, aria, link, draw):
    html = draw("{% sort_header 'Asked' 'asked' %}", RequestFactory().get(f"/?{query}"))

    assert html.startswith(f'<th scope="col"{aria}>')
    assert f'href="{link}"' in html


def test_the_default_order_is_marked_without_a_word_in_the_address(draw):
    html = draw("{% sort_header 'Asked' 'asked' default='-asked' %}", RequestFactory().get("/"))

    assert 'aria-sort="descending"' in html


def test_filters_keep_the_order(draw):
    html = draw("{% filter_bar %}{% endfilter_bar %}", RequestFactory().get("/?sort=-asked&after=x"))

    assert '<input type="hidden" name="sort" value="-asked">' in html
    assert "after" not in html


def test_a_wide_table_scrolls_by_keyboard(draw):
    html = draw("{% data_table caption='Wards' %}{% enddata_table %}")

    assert 'role="region" aria-labelledby="table-wards-caption" tabindex="0"' in html


def test_a_stacked_table_tells_each_cell_its_column_and_stays_a_table(draw):
    html = draw(
        "{% data_table caption='Wards' stack=True %}"
        "<thead><tr><th scope='col'><span class='usa-sr-only'>Select</span></th>{% sort_header 'Ward' 'ward' %}"
        '<th scope="col">Said &quot;yes&quot;</th><th scope="col" class="num">Asked</th></tr></thead>'
        '<tbody><tr class="is-at"><td>x</td><th scope="row">Five</th><td>1</td><td class="num">2</td></tr></tbody>'
        '<tfoot><tr><th scope="row" colspan="3">Sum</th><td class="num">2</td></tr></tfoot>{% enddata_table %}'
    )

    assert 'data--stack" id="table-wards" role="table"' in html
    assert (
        '<tr role="row" class="is-at"><td role="cell">x</td><th role="rowheader" scope="row">Five</th>'
        in html
    )
    assert '<td role="cell" data-label="Said &quot;yes&quot;">1</td>' in html
    assert html.count('<td role="cell" data-label="Asked" class="num">2</td>') == 2
    assert html.count('role="rowgroup"') == 3
    assert '<th role="columnheader" scope="col" class="num">' in html


def test_a_plain_table_is_left_as_it_is(draw):
    inside = '<thead><tr><th scope="col">Ward</th></tr></thead><tbody><tr><td>Five</td></tr></tbody>'

    assert inside in draw("{% data_table caption='Wards' %}" + inside + "{% enddata_table %}")


def test_a_confirmation_posts_with_its_token(draw):
    html = draw(
        "{% confirm heading='Delete?' label='Yes' cancel_url='/back' %}4 photos{% endconfirm %}",
        RequestFactory().get("/"),
    )

    assert '<form class="confirm confirm--danger" method="post">' in html
    assert 'name="csrfmiddlewaretoken" value="' in html
    assert 'value=""' not in html
    assert 'href="/back"' in html


def test_a_script_carries_the_pages_nonce(draw):
    request = RequestFactory().get("/")
    request.csp_nonce = "abc"

    assert 'nonce="abc"' in draw("{% module 'forms' %}", request)


def test_nothing_is_styled_or_scripted_inline(draw):
    for name, props in TAGS.items():
        if name not in {"field", "fields", "error_summary"}:
            html = draw(f"{{% {name} {props} %}}", **PAGE)
            assert "style=" not in html
            assert "<script>" not in html


def test_money_overdrawn_by_a_correction_shows_what_is_missing(draw):
    html = draw(
        "{% money_bar pool_cents=100 committed_cents=150 paid_cents=0 proved_cents=0 currency='USD' %}"
    )

    assert "-$0.50" in html
    assert 'width="1000"' in html


def test_every_icon_on_the_list_is_in_uswds():
    folder = Path(settings.BASE_DIR, "node_modules/@uswds/uswds/dist/img/usa-icons")
    if not folder.exists():
        pytest.skip("The npm packages are not installed.")

    assert ICONS - {file.stem for file in folder.glob("*.svg")} == set()
