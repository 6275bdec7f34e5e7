// Send files as they are chosen, photos made smaller first. Without this script they go with the page.
// The words come from templates/grants/applications/apply_words.html, in the page's language.

import { queue, queueFile, say, send, settle, signedOut, token } from "./autosave.js";
import { questionOf } from "./questions.js";

const LONGEST_SIDE = 2560; // as the server would shrink it anyway
const SMALL_ENOUGH = 900_000; // bytes
const QUALITY = 0.86;
const TRIES = 4;
const SHORTEST = 3; // seconds between tries, where the server names none
const LONGEST = 60;
const STALLED = 60000; // ms without a sign of progress after which a try is given up: the page waits for it

const form = document.querySelector("form[data-apply]");
const words = document.querySelector("template[data-apply-words]")?.dataset ?? {};

/** A photo small enough to send from a phone; whatever the browser can't read goes as it is. */
export async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

function placeOf(group) {
  const [question, row, column] = group.dataset.files.slice(2).split(".");
  return { question, row, column };
}

function post(body, onProgress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // fetch tells no progress of what is sent
    request.open("POST", form.dataset.uploads);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    let stalled = setTimeout(() => request.abort(), STALLED);
    request.upload.addEventListener("progress", (event) => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(stalled);
      resolve(answerOf(request));
    });
    request.send(body);
  });
}

function answerOf(request) {
  const wait = Number(request.getResponseHeader("Retry-After")) || SHORTEST;
  return { status: request.status, wait: Math.min(wait, LONGEST), body: parsed(request.responseText) };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function upload(group, file) {
  const wrapper = questionOf(group);
  const item = waiting(group, file.name);
  queueFile(wrapper, async () => {
    const data = new FormData();
    for (const [name, value] of Object.entries(placeOf(group))) if (value) data.append(name, value);
    data.append("file", await shrink(file), file.name);
    const show = (share) => progress(item, file.name, share);
    let answer = await post(data, show);
    for (let tries = 1; tries < TRIES && (answer.status === 0 || answer.status === 503); tries += 1) {
      if (answer.body.detail) item.lastElementChild.textContent = `${file.name}: ${answer.body.detail}`;
      const spread = 1 + Math.random() / 4; // else all who were turned away come back in one instant
      await new Promise((resolve) => setTimeout(resolve, answer.wait * spread * 1000));
      answer = await post(data, show);
    }
    const isTaken = answer.status === 201;
    if (isTaken) shown(group, wrapper, item, answer.body);
    else failed(item, file.name, answer.body.detail);
    if (answer.status === 401) signedOut(wrapper);
    return isTaken;
  });
}

function waiting(group, name) {
  const item = document.createElement("li");
  item.className = "file-list__item";
  item.innerHTML = '<progress max="1"></progress><span class="file-list__name" role="status"></span>';
  item.lastElementChild.textContent = words.uploadReading.replace("{name}", name);
  item.firstElementChild.setAttribute("aria-label", name);
  group.querySelector("[data-file-list]").append(item);
  return item;
}

function progress(item, name, share) {
  item.firstElementChild.value = share;
  const percent = String(Math.round(share * 100));
  item.lastElementChild.textContent = words.uploadDoing.replace("{name}", name).replace("{percent}", percent);
}

/** Draw the file as the server would (templates/grants/cycles/questions/files.html). */
function shown(group, wrapper, item, file) {
  const done = document.createElement("li");
  done.className = "file-list__item";
  done.dataset.file = file.id;
  const id = Object.assign(document.createElement("input"), { type: "hidden", name: group.dataset.files, value: file.id });
  const name = document.createElement("span");
  name.className = "file-list__name";
  name.append(Object.assign(document.createElement("a"), { href: file.url, textContent: file.name }));
  const remove = Object.assign(document.createElement("button"), { type: "submit", name: "remove_file", value: file.id, formNoValidate: true });
  remove.className = "usa-button usa-button--unstyled file-list__remove";
  remove.textContent = words.remove;
  remove.append(Object.assign(document.createElement("span"), { className: "usa-sr-only", textContent: ` ${file.name}` }));
  done.append(id);
  if (file.thumbnail_url) {
    const image = Object.assign(document.createElement("img"), { src: file.thumbnail_url, alt: "", width: 64, height: 64 });
    image.className = "file-list__image";
    done.append(image);
  }
  done.append(name, remove);
  if (group.querySelector(`[data-file="${CSS.escape(file.id)}"]`)) item.remove(); // the same photo, sent twice
  else item.replaceWith(done);
  told(wrapper, file.answer.version, words.uploadDone.replace("{name}", file.name));
}

function failed(item, name, sentence) {
  item.classList.add("file-list__item--failed");
  item.firstElementChild.remove();
  item.firstElementChild.className = "usa-error-message";
  item.firstElementChild.setAttribute("role", "alert");
  item.firstElementChild.textContent = sentence ? `${name}: ${sentence}` : words.uploadFailed.replace("{name}", name);
}

function told(wrapper, version, sentence) {
  settle(wrapper, version);
  const slot = wrapper.querySelector("[data-saved]");
  if (slot) {
    slot.dataset.save = "";
    slot.textContent = sentence;
  }
  if (wrapper.dataset.type !== "file") wrapper.dispatchEvent(new CustomEvent("question:change", { bubbles: true }));
}

async function remove(button) {
  const wrapper = questionOf(button);
  const item = button.closest("[data-file]");
  const group = button.closest("[data-files]");
  button.disabled = true;
  await queue(wrapper, async () => {
    const response = await send(`${form.dataset.uploads}${item.dataset.file}/`, { method: "DELETE" }).catch(() => null);
    const body = (await response?.json().catch(() => null)) ?? {};
    const name = item.querySelector(".file-list__name")?.textContent.trim() ?? "";
    if (!response || !(response.ok || response.status === 404)) {
      button.disabled = false;
      button.focus();
      if (response?.status === 401) return signedOut(wrapper);
      return say(wrapper, "failed", body.detail ?? words.uploadKept.replace("{name}", name));
    }
    item.remove();
    told(wrapper, body.version ?? wrapper.dataset.version, words.uploadRemoved.replace("{name}", name));
    group.querySelector("[data-file-input]")?.focus();
  });
}

function enhance(root) {
  for (const button of root.querySelectorAll("[data-upload-button]")) button.hidden = true;
}

if (form) {
  enhance(form);
  form.addEventListener("question:change", () => enhance(form));
  form.addEventListener("change", (event) => {
    const input = event.target.closest("[data-file-input]");
    if (!input) return;
    const files = [...input.files];
    input.value = ""; // sent here, so not again with the page
    for (const file of files) upload(input.closest("[data-files]"), file);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="remove_file"]');
    if (!button) return;
    event.preventDefault();
    remove(button);
  });
}
