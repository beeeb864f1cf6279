/* elements.js - builds the page from text only: nothing that comes over the wire becomes markup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* make("button", {class: "main", onclick: f}, "Text", other) */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child || child === 0 || child === ""));
  return element;
};

/* Puts @children into @element only where they differ, so that focus and reading stay in place. */
export const fill = (element, ...children) => {
  const fresh = children.flat().filter(Boolean);
  const old = [...element.childNodes];
  if (old.length === fresh.length
      && old.every((node, i) => node.isEqualNode(fresh[i]))) return;
  const open = new Set([...element.querySelectorAll("details[open]")].map((d) => d.dataset.id));
  element.replaceChildren(...fresh);
  for (const details of element.querySelectorAll("details"))
    if (open.has(details.dataset.id)) details.open = true;
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
