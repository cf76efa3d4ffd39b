import { adopt, fail } from "./toast.js";

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** Parses an HTML fragment; its scripts never run. */
export function parse(text) {
  return new DOMParser().parseFromString(text, "text/html").body;
}

/** Fetches a fragment. Throws when the answer is an error, and `AbortError` when `signal` fires. */
export async function get(url, signal, headers = {}) {
  const answer = await fetch(url, { signal, headers: { "HX-Request": "true", ...headers } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return parse(await answer.text());
}

/** Opens the dialog of an address over the page, or goes to its page when it has none. */
export async function openOverlay(url) {
  const body = await get(url, undefined, { "HX-Target": "div#overlay" }).catch(() => null);
  const dialog = body?.querySelector("dialog");
  if (dialog) show(dialog);
  else location.assign(url);
}

/** Posts values as a form; toasts and dialogs in the answer show themselves. Resolves to whether it was accepted. */
export async function post(url, values) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRF-Token": token() },
    body: new URLSearchParams(values),
  }).catch(() => null);
  const body = parse((await answer?.text()) ?? "");
  const told = adopt(body);
  const dialog = body.querySelector("dialog[data-open]");
  if (dialog) show(dialog);
  if (!answer?.ok && !told && !dialog) fail();
  return answer?.ok ?? false;
}

/** Puts a dialog into the overlay host and wires its htmx attributes; it opens by itself. */
function show(dialog) {
  const host = document.getElementById("overlay");
  host.replaceChildren(document.adoptNode(dialog));
  window.htmx?.process(host);
}

/** The address with query parameters added or replaced. */
export function withQuery(url, values) {
  const target = new URL(url, location.href);
  for (const [name, value] of Object.entries(values)) target.searchParams.set(name, value);
  return target.href;
}

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRF-Token"] = token();
});
