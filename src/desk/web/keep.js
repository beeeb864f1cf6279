/* keep.js - hands a session's end over to the page that comes after this one, when it is reloaded
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

const ANSWER_MS = 10000;
const TAB = "posaid-tab";

/* Names the tab, not the session: worth nothing to whoever reads it. */
const nameTab = () => {
  const name = sessionStorage.getItem(TAB) ?? crypto.randomUUID();
  sessionStorage.setItem(TAB, name);
  return name;
};

const url = new URL("keeper.js", import.meta.url).href;
/* The one script that this page may start; nothing else gets a trusted address. */
const policy = globalThis.trustedTypes?.createPolicy("posaid-keeper", {
  createScriptURL: () => url });

let worker = null;
let starting = null;

const startWorker = async () => {
  const registration = await navigator.serviceWorker.register(
    policy ? policy.createScriptURL("") : url);
  const found = registration.active ?? registration.waiting ?? registration.installing;
  if (found.state !== "activated")
    await new Promise((done) => found.addEventListener("statechange",
      () => found.state === "activated" && done()));
  worker = found;
};

/* TRUE once what hold() is given will be kept. A browser without service workers keeps nothing. */
export const prepare = () => {
  starting ??= startWorker().then(() => true, () => false);
  return starting;
};

export const hold = (kept) => {
  worker?.postMessage({ type: "hold", tab: nameTab(), kept });
};

/* What this tab's page left behind a moment ago, once; null when there is nothing. */
export const take = async () => {
  if (!sessionStorage.getItem(TAB) || !(await prepare())) return null;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => {
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, ANSWER_MS, null);
  });
  worker.postMessage({ type: "take", tab: nameTab() }, [port2]);
  return answer;
};
