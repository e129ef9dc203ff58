// The table: it stands in the page already; here it follows the filters, and its rows lead to the picture.

class Table {
  constructor(details, registry, choose) {
    Object.assign(this, { details, registry, choose });
    this.rows = [...details.querySelectorAll("tbody tr")];
    this.summary = details.querySelector("summary span");
    this.all = this.summary.textContent;
    details.addEventListener("toggle", () => this.#link(), { once: true });
    addEventListener("beforeprint", () => {
      this.closed = !details.open;
      details.open = true;
    });
    addEventListener("afterprint", () => (details.open = !this.closed));
  }

  /** Show the claims that a filter leaves. */
  filter({ claims }) {
    this.rows.forEach((row, place) => (row.hidden = !claims[place]));
    const left = claims.filter(Boolean).length;
    this.summary.textContent =
      left === claims.length ? this.all : `${left.toLocaleString("en")} of ${many(claims.length, "claim")} on this page as a table`;
  }

  /** Let a row choose what it is about: its subject, or what else of it is in the picture. */
  #link() {
    this.rows.forEach((row, place) => {
      const [node] = this.registry.nodesOf(place);
      if (node === undefined) return;
      const name = row.querySelector("th");
      const { colour } = this.registry.types[this.registry.nodes[node].type];
      name.append(leading(this.registry.key({ node }), `link hue-${colour}`, () => {}, [...name.childNodes]));
      row.classList.add("leads");
      row.addEventListener("click", () => !String(getSelection()) && this.choose({ node }));
    });
  }
}
