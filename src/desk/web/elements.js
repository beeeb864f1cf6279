/* elements.js - builds the page from text only: nothing that comes over the wire becomes markup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What steers, turns or hides text is no part of it; src/wire/pfa-guided-words.c does the same for
 * the merchant. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;
const clean = (child) => typeof child === "string" ? child.replace(unseen, " ") : child;

/* make("button", {class: "main", onclick: f}, "Text", other) */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child || child === 0 || child === "")
    .map(clean));
  return element;
};

/* What the agent has opened, chosen and typed in @element, and where the focus is. */
const remember = (element) => ({
  details: new Map([...element.querySelectorAll("details")].map((d) => [d.dataset.id, d.open])),
  values: new Map([...element.querySelectorAll("select[id], input[id]")].map((e) => [e.id,
    e.matches("select") && e.selectedIndex === 0 ? undefined : e.value])),
  focus: element.contains(document.activeElement) && document.activeElement,
});

const restore = (element, { details, values, focus }) => {
  for (const each of element.querySelectorAll("details"))
    if (details.has(each.dataset.id)) each.open = details.get(each.dataset.id);
  for (const each of element.querySelectorAll("select[id], input[id]"))
    if (values.get(each.id) !== undefined) each.value = values.get(each.id);
  if (!focus || focus.isConnected) return;
  const same = focus.id ? element.querySelector(`#${focus.id}`)
    : focus.matches("summary")
      ? element.querySelector(`[data-id="${focus.parentElement.dataset.id}"] > summary`)
      : focus.matches(".state") ? element.querySelector(".state") : null;
  same?.focus({ preventScroll: true });
};

/* Puts @children into @element only where they differ, so that focus and reading stay in place. */
export const fill = (element, ...children) => {
  const fresh = children.flat(2).filter(Boolean);
  const old = [...element.childNodes];
  if (old.length === fresh.length
      && old.every((node, i) => isSame(node, fresh[i]))) return;
  const before = remember(element);
  element.replaceChildren(...fresh);
  restore(element, before);
};

/* Whether a section is open is the agent's affair. */
const isSame = (old, fresh) => {
  const shut = old.cloneNode(true);
  for (const node of [shut, fresh])
    for (const details of node.querySelectorAll?.("details") ?? []) details.open = false;
  return shut.isEqualNode(fresh);
};

export const announce = (text) => {
  document.getElementById("news").textContent = text;
};

/* One labelled field in a form of its own. */
export const field = (id, label, help, input, button) =>
  make("div", { class: "field" },
    make("label", { for: id }, label),
    help ? make("p", { id: `${id}-help`, class: "help" }, help) : null,
    make("div", { class: "row" }, input, button));

let now = 0;
export const nextId = () => `e${++now}`;

export const say = async (url, options) => {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  const body = await response.json().catch(() => ({}));
  return { status: response.status, body };
};
