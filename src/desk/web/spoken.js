/* spoken.js - reads the code that a merchant without internet says on the phone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

import { announce, field, fill, make, say } from "./elements.js";
import { getLanguage, word } from "./words.js";

export class SpokenPart {
  constructor() {
    this.element = make("section", { class: "spoken" });
    this.translate();
  }

  translate() {
    this.result = make("div", { class: "card result", hidden: true });
    this.element.replaceChildren(make("h2", { tabindex: "-1" }, word("spoken")),
      make("form", { class: "card", onsubmit: (event) => {
        event.preventDefault();
        this.read(new FormData(event.target).get("spoken"));
      } }, field("spoken", word("spoken"), word("spoken-help"),
        make("input", { id: "spoken", name: "spoken", autocomplete: "off", autocapitalize: "none",
          spellcheck: "false", "aria-describedby": "spoken-help" }),
        make("button", { class: "main", type: "submit" }, word("read")))), this.result);
  }

  draw() {}

  async read(text) {
    const query = new URLSearchParams({ code: text, language: getLanguage() });
    const { status, body } = await say(`spoken?${query}`).catch(() => ({ status: 0 }));
    this.result.hidden = false;
    if (status !== 200) {
      fill(this.result, make("p", { class: "problem", role: "alert" },
        word(status === 0 ? "unreachable" : "spoken-wrong")));
      announce(word("spoken-wrong"));
      return;
    }
    fill(this.result, make("dl", {}, Object.entries(body)
      .flatMap(([name, value]) => [make("dt", {}, name),
        make("dd", {}, Array.isArray(value) ? value.join(", ") : String(value))])));
    announce(Object.values(body).join(", "));
  }
}
