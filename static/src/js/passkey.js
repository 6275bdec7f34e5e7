// Asks the browser for a passkey and sends what it answers with the form. Needs nothing inline.

function fromBase64(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain.padEnd(Math.ceil(plain.length / 4) * 4, "=")), (letter) => letter.charCodeAt(0));
}

function toBase64(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function withBuffers(options) {
  const listed = (list) => (list ?? []).map((item) => ({ ...item, id: fromBase64(item.id) }));
  const ready = { ...options, challenge: fromBase64(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: fromBase64(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = listed(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = listed(options.allowCredentials);
  return ready;
}

// What PublicKeyCredential.toJSON() gives, also in browsers that don't have it yet.
function asJSON(credential) {
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toBase64(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

async function ask(form, deed) {
  const data = JSON.parse(form.querySelector("#passkey-options").textContent);
  const { publicKey } = deed === "create" ? data.creation_options : data.request_options;
  const credential = await navigator.credentials[deed]({ publicKey: withBuffers(publicKey) });
  form.elements.credential.value = JSON.stringify(asJSON(credential));
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  const { form } = button;
  const trouble = form.querySelector("[data-passkey-trouble]");
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    button.disabled = true;
    try {
      await ask(form, button.dataset.passkey);
      form.submit();
    } catch {
      trouble.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
