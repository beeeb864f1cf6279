/* keeper.js - a service worker that holds an agent's end of a session while its page is reloaded
 *
 * In memory only, once, and for a minute: no longer than the merchant's program waits. It serves
 * no page and sees no request. src/support/README.md says why it is done this way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

const HOLD_MS = 60000;
const held = new Map(); /* of a tab's own random name → what it left */

const hold = (tab, kept) => new Promise((done) => {
  held.set(tab, kept);
  setTimeout(() => {
    if (held.get(tab) === kept) held.delete(tab);
    done();
  }, HOLD_MS);
});

addEventListener("install", () => skipWaiting());
addEventListener("message", (event) => {
  const { type, tab, kept } = event.data;
  if (type === "hold") event.waitUntil(hold(tab, kept));
  if (type === "take") {
    event.ports[0].postMessage(held.get(tab) ?? null);
    held.delete(tab);
  }
});
