// Send a form from a script, as its button would.

/**
 * Press the button that was pressed, or else the first one. Safari has requestSubmit only since 16 (iPhones of
 * 2015 stay at 15), and submit() would leave out the button's value. Later, because a form ignores this while its
 * first event is still going round.
 */
export function submitForm(form, submitter) {
  const button = submitter?.form === form ? submitter : form.querySelector('button[type="submit"]');
  setTimeout(() => button.click());
}
