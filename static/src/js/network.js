// What the scripts that save by themselves ask of the network.

export const PATIENCE = 4000; // ms that the buttons of a form wait for what is under way

/** Send a request with the session's own token, read anew: signing in elsewhere changes it. */
export function send(address, options = {}) {
  return fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers },
  });
}

export function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie?.slice("csrftoken=".length) ?? document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

/** Ask the page itself: a device may say wrongly that it is offline, and something may stop the saves alone. */
export function isReachable() {
  const asked = send(location.pathname, { method: "HEAD" }).then(() => true, () => false);
  return Promise.race([asked, pause(PATIENCE)]);
}

export function pause(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}
