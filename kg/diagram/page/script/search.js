// The search: a field with a list below it, by names, other names and ids.

const MOST = 10;

class Search {
  constructor(field, list, registry, { choose, icon }) {
    Object.assign(this, { field, list, registry, choose, icon, found: [], at: -1 });
    this.words = registry.nodes.map(({ id, label, aliases }) => [label, ...aliases, id].map(fold));
    field.addEventListener("input", () => this.#look());
    field.addEventListener("focus", () => field.value && this.#look());
    field.addEventListener("blur", () => this.#open([]));
    field.addEventListener("keydown", (event) => this.#key(event));
  }

  #look() {
    const asked = fold(this.field.value.trim());
    const ranked = asked ? this.words.map((words, place) => ({ place, rank: rankOf(words, asked) })) : [];
    const length = ({ place }) => this.words[place][0].length;
    const found = ranked.filter(({ rank }) => rank < Infinity);
    found.sort((one, other) => one.rank - other.rank || length(one) - length(other) || one.place - other.place);
    this.#open(
      found.map(({ place }) => place),
      asked,
    );
  }

  #open(places, asked = "") {
    this.found = places.slice(0, MOST);
    this.at = this.found.length ? 0 : -1;
    const rows = this.found.map((place, row) => this.#row(place, row, asked));
    const rest = places.length - rows.length;
    const last = rest ? `and ${many(rest, "other")}` : asked && !rows.length ? this.#nothing() : "";
    const foot = { class: "last", role: "option", "aria-disabled": "true", "aria-selected": "false" };
    this.list.replaceChildren(...rows, ...(last ? [make("li", foot, last)] : []));
    this.list.hidden = !this.list.children.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.#mark();
  }

  /** That nothing is called so, and among how many. */
  #nothing() {
    const { nodes, partial } = this.registry;
    const others = partial ? " It is a part of a whole: others may be left out." : "";
    return `This page holds ${many(nodes.length, "entity", "entities")}, and none is called so.${others}`;
  }

  #row(place, row, asked) {
    const { label, type, aliases } = this.registry.nodes[place];
    const alias = fold(label).includes(asked) ? undefined : aliases.find((each) => fold(each).includes(asked));
    return make(
      "li",
      {
        id: `page-found-${row}`,
        role: "option",
        pointerdown: (event) => event.preventDefault(),
        click: () => this.#take(row),
      },
      this.icon(type),
      make("span", { class: "name" }, apart(label), alias && make("small", {}, " ", apart(alias))),
      make("span", { class: "sort" }, this.registry.types[type].one),
    );
  }

  #key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.#look();
      else if (this.found.length) {
        this.at = (this.at + (key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length;
        this.#mark();
      }
    } else if (key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.#take(this.at);
    } else if (key === "Escape" && (this.field.value || !this.list.hidden)) {
      event.preventDefault();
      event.stopPropagation();
      this.field.value = "";
      this.#open([]);
    }
  }

  #mark() {
    [...this.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === this.at)));
    if (this.at < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `page-found-${this.at}`);
  }

  #take(row) {
    const place = this.found[row];
    this.field.value = "";
    this.#open([]);
    this.choose({ node: place });
  }
}

/** How well words fit what is asked for: names before other names, beginnings before middles. */
function rankOf(words, asked) {
  const ranks = words.map((word, place) => {
    const at = word.indexOf(asked);
    if (at < 0) return Infinity;
    return (at === 0 ? 0 : /[\s\-/(]/.test(word[at - 1]) ? 1 : 2) + (place ? 0.5 : 0);
  });
  return Math.min(...ranks);
}
