// The panel: what is chosen, on what its sources disagree, and every claim about it.

const FIRST = 30;

class Panel {
  /** `choose` is called with what is to be chosen instead, `close` when nothing is. */
  constructor(root, registry, { choose, close, icon, signs }) {
    Object.assign(this, { root, registry, choose, close, icon, signs });
    this.claims = new Claims(registry, { choose, lead: (claim) => this.#lead(claim) });
  }

  /** Show what is chosen of what filters have `left`; `widen` brings back claims of other dates. */
  show(chosen, left, widen) {
    Object.assign(this, { chosen, left, widen });
    this.claims.chosen = chosen;
    this.root.classList.toggle("empty", !chosen);
    this.root.replaceChildren();
    fill(this.root, {}, [chosen ? this.#card() : this.#overview()]);
    this.root.scrollTop = 0;
  }

  /** The heading, which is focused when one goes on reading here. */
  get heading() {
    return this.root.querySelector("h2");
  }

  /** How many claims are told. */
  get count() {
    return this.root.querySelector(".count");
  }

  /** What one sees before anything is chosen: what this is, and where its sources disagree. */
  #overview() {
    const { about, nodes, edges, claims } = this.registry;
    const what = "Select a person, organization, case or list to read what the sources say about it, word for word.";
    const rows = [
      ...nodes.flatMap((node, place) => this.#disagreements(node, { node: place }, apart(node.label))),
      ...edges.flatMap((edge, place) =>
        this.#disagreements(edge, { edge: place }, this.#relation(place, [edge.told])),
      ),
    ];
    // What a node and an edge at it both have is told once.
    const seen = new Set();
    const fresh = rows.filter(({ key }) => !key || (!seen.has(key) && seen.add(key))).map(({ row }) => row);
    return [
      about && make("p", { class: "about" }, apart(capital(about)), "."),
      make("p", { class: "hint" }, what),
      make("p", { class: "quiet" }, this.#counted(claims)),
      this.#legend(),
      fresh.length > 0 && [
        make("h2", { class: "part" }, "Where sources disagree"),
        make("ul", { class: "disagreements" }, fresh),
      ],
    ];
  }

  /** What the signs in the picture mean. */
  #legend() {
    const line = (look) =>
      draw("svg", { class: `line ${look}`, viewBox: "0 0 30 12", "aria-hidden": "true" }, draw("path", { d: "M1 6H29" }));
    const sign = (look, text) => make("span", { class: look, "aria-hidden": "true" }, text);
    const told = [
      ["denied", line("dashed"), "dashed: denied, or not verified"],
      ["sources", line("thick"), "a thicker line: more independent sources"],
      ["disputed", sign("sign", "≠"), "sources disagree"],
      ["hidden", sign("plus", "+N"), "so many neighbours are not drawn"],
    ].filter(([name]) => this.signs[name]);
    const rows = told.map(([, sign, words]) => make("li", {}, make("span", { class: "drawn" }, sign), words));
    return rows.length > 0 && make("ul", { class: "signs", "aria-label": "Signs in the picture" }, rows);
  }

  #disagreements({ disputes }, chosen, name) {
    return disputes.map(({ on, sides, claims }) => {
      const told = joined(
        sides.map((side) => make("b", {}, apart(side))),
        " ≠ ",
      );
      const row = make(
        "li",
        {},
        this.claims.link(chosen, name),
        " ",
        make("span", { class: "on" }, apart(on), told.length > 0 && ": "),
        told,
      );
      return { key: claims.join(), row };
    });
  }

  #relation(edge, relations, name = (node) => apart(this.registry.nodes[node].label)) {
    const [source, target] = this.registry.ends[edge].map(name);
    return [source, " ", make("span", { class: "relation" }, joined(relations.map(apart), ", ")), " ", target];
  }

  #counted(claims) {
    return `${many(claims.length, "claim")} from ${many(new Set(claims.map(({ source }) => source)).size, "source")}`;
  }

  #card() {
    const { node, edge } = this.chosen;
    const each = node === undefined ? this.#strand(edge) : this.registry.nodes[node];
    const groups = (node === undefined ? each.groups : this.#groups(node)).filter(([, claims]) => claims.length);
    const all = [...new Set(groups.flatMap(([, claims]) => claims))];
    const kept = all.filter((claim) => this.left.kept[claim]);
    return [
      make(
        "button",
        {
          type: "button",
          class: "square close",
          "aria-label": "Close",
          title: "Close (Esc)",
          click: () => this.close(),
        },
        "×",
      ),
      node === undefined ? this.#edgeHead(each) : this.#nodeHead(each),
      each.disputes.map((dispute) => this.claims.dispute(dispute)),
      make("p", { class: "quiet count" }, this.#counted(kept.map((claim) => this.registry.claims[claim]))),
      all.length > kept.length && this.#outside(all.length - kept.length),
      groups.map(([title, claims]) =>
        this.#group(
          groups.length > 1 ? title : "",
          claims.filter((claim) => this.left.kept[claim]),
        ),
      ),
    ];
  }

  #outside(count) {
    const back = make("button", { type: "button", class: "link", click: () => this.widen() }, "Show all dates");
    return make(
      "p",
      { class: "quiet" },
      `${many(count, "claim")} of other dates ${count === 1 ? "is" : "are"} not shown. `,
      back,
    );
  }

  #groups(node) {
    const { own, naming, told, further, spelling } = this.registry.claimsOf(node);
    const isSource = this.registry.nodes[node].id.startsWith("source/");
    return [
      ["What is said", own],
      ["Where the name comes up", naming],
      [isSource ? "What this source says" : "As the one who says it", told],
      ["Further claims", further],
      ["Spellings", spelling],
    ];
  }

  /** Several edges that are one line, as one. */
  #strand(place) {
    const edges = this.registry.strands[place].map((each) => this.registry.edges[each]);
    const disputes = new Map(edges.flatMap((edge) => edge.disputes).map((one) => [JSON.stringify(one), one]));
    return {
      place,
      relations: [...new Set(edges.map((edge) => edge.told))],
      disputes: [...disputes.values()],
      groups: edges.map((edge) => [capital(edge.told), edge.claims]),
    };
  }

  #nodeHead({ id, label, type, aliases }) {
    const { one, colour } = this.registry.types[type];
    return [
      make("p", { class: `kind hue-${colour}` }, this.icon(type), capital(one)),
      make("h2", { tabindex: "-1", dir: "auto" }, label),
      make(
        "p",
        { class: "ids" },
        make("code", {}, apart(id)),
        aliases.map((alias) => [" · ", apart(alias)]),
      ),
      this.#unseen(),
    ];
  }

  /** Why what is chosen cannot be seen. */
  #unseen() {
    const { node } = this.chosen;
    const isDrawn = document.querySelector(`.nodes > [data-node="${node}"]`);
    if (!isDrawn) return make("p", { class: "quiet" }, "Not drawn in this picture.");
    return this.left.nodes[node] === "off" && make("p", { class: "quiet" }, "The filters leave it out of the picture.");
  }

  #edgeHead({ place, relations }) {
    const name = (node) => this.claims.link({ node }, apart(this.registry.nodes[node].label));
    return [
      make("p", { class: "kind" }, "Relation"),
      make("h2", { tabindex: "-1", class: "joined" }, this.#relation(place, relations, name)),
    ];
  }

  #group(title, claims) {
    if (!claims.length) return [];
    const list = make(
      "div",
      { class: "told" },
      claims.slice(0, FIRST).map((claim) => this.claims.full(claim)),
    );
    const rest = claims.slice(FIRST);
    const more = make("button", { type: "button", class: "more" }, `Show ${many(rest.length, "more claim")}`);
    more.addEventListener("click", () => {
      fill(list, {}, [rest.map((claim) => this.claims.full(claim))]);
      list.children[FIRST].querySelector("a, button")?.focus();
      more.remove();
    });
    return [title && make("h3", { class: "part" }, title), list, rest.length > 0 && more];
  }

  /** Lead to a claim: here if it is told here, else at one of the nodes it is on. */
  #lead(claim) {
    const here = () => this.root.querySelector(`[data-claim="${claim}"]`);
    const [node] = this.registry.nodesOf(claim);
    if (!here()) this.choose({ node });
    const found = here();
    if (!found) return;
    found.scrollIntoView({ block: "center", behavior: atOnce() ? "auto" : "smooth" });
    found.classList.add("met");
    found.setAttribute("tabindex", "-1");
    found.focus({ preventScroll: true });
  }
}
