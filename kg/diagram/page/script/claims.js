// How claims are told: in the words of their sources, with who says so, where it stands, and what is against it.

const BRIEF = 24;
const FEW_AGAINST = 4;
const DENIALS = { denies: "denies that", "cannot-verify": "cannot verify that" };
const SUM = "sum";
const STANCES = { denies: "denied", "cannot-verify": "cannot be verified" };

class Claims {
  /** `choose` is called with what is to be chosen instead; `lead` with a claim to show. */
  constructor(registry, { choose, lead }) {
    Object.assign(this, { registry, choose, lead, chosen: undefined });
  }

  /** A claim in full. */
  full(place) {
    const claim = this.registry.claims[place];
    return make(
      "article",
      { "data-claim": place },
      make("p", { class: "says" }, this.#says(place)),
      this.#quote(claim, "blockquote"),
      make("p", { class: "where" }, joined([this.#who(claim), ...this.#where(claim)], " · ")),
      claim.note && make("p", { class: "where" }, "note: ", apart(claim.note)),
      this.#standing(claim),
    );
  }

  /** What sources disagree on: each side, with who says so; or a sum that does not come out, with its numbers. */
  dispute({ on, sides, claims, rests = [] }) {
    const isSum = on === SUM;
    const title = isSum ? "The numbers do not add up" : ["Sources disagree on ", apart(on)];
    const rows = isSum ? this.#terms(sides, claims) : this.#sides(sides, claims);
    return make(
      "section",
      { class: "dispute" },
      make("h3", {}, make("span", { class: "sign", "aria-hidden": "true" }, "≠"), title),
      isSum && make("p", { class: "equation" }, joined(sides.map(apart), " ≠ ")),
      rows.length > 0 && make("dl", {}, rows),
      rests.length > 0 && make("p", { class: "rests" }, joined(rests.map(apart), "; "), "."),
    );
  }

  /** A link to a node or an edge. */
  link(chosen, name) {
    const { types, nodes } = this.registry;
    const colour = chosen.node === undefined ? "" : ` hue-${types[nodes[chosen.node].type].colour}`;
    return leading(this.registry.key(chosen), `link${colour}`, () => this.choose(chosen), name);
  }

  /** Each side of a dispute with its claims; a claim that says none of them has a side of its own. */
  #sides(sides, claims) {
    const found = new Map(sides.map((text) => [text, []]));
    for (const place of claims) {
      const { value, entity, stance } = this.registry.claims[place];
      const own = stance ? `${STANCES[stance]}: ${value}` : value;
      const side = (!stance && [value, entity].find((each) => found.has(each))) || own;
      found.set(side, [...(found.get(side) ?? []), place]);
    }
    const told = [...found].map(([text, places]) => [text, places]);
    const named = told.slice(0, sides.length).some(([, places]) => places.length);
    return (named || !claims.length ? told : told.slice(sides.length)).map(([text, places]) =>
      this.#side(text, places),
    );
  }

  /** The numbers of a sum in their order, each with the claims that tell it. */
  #terms(sides, claims) {
    const at = (text) => ` ${sides.join(" ")} `.indexOf(` ${text} `);
    const valueOf = (place) => this.registry.claims[place].value;
    const values = [...new Set(claims.map(valueOf))].filter((text) => at(text) >= 0);
    values.sort((one, other) => at(one) - at(other));
    const about = ({ subject, property }) => [this.#entity(subject), " ", apart(property), " · "];
    return values.map((text) =>
      this.#side(
        text,
        claims.filter((place) => valueOf(place) === text),
        about,
      ),
    );
  }

  #side(text, places, about = () => []) {
    const nobody = make("dd", { class: "quiet" }, "No claim on this page says just this.");
    const told = places.map((place) => {
      const claim = this.registry.claims[place];
      const source = make("small", {}, joined(this.#source(claim), ", "));
      return make("dd", {}, about(claim), this.#who(claim), " ", this.#quote(claim, "q"), source);
    });
    return make("div", { class: "side" }, make("dt", {}, apart(text)), told.length ? told : nobody);
  }

  /** Subject, property and value; what is in the picture can be chosen. */
  #says(place) {
    const { subject, property, value, entity, stance, standing } = this.registry.claims[place];
    const text = make(value.length > BRIEF ? "span" : "b", {}, apart(value));
    const flags = [stance && STANCES[stance], standing === "set-aside" && "set aside"].filter(Boolean);
    return [
      flags.map((flag) => [make("span", { class: "flag" }, flag), " "]),
      [this.#entity(subject), " ", this.#word(place, apart(property)), " "],
      entity ? this.#entity(entity) : text,
    ];
  }

  /** The property of a claim, as a link to the relation that it tells. */
  #word(place, name) {
    const edge = this.registry.edgeByClaim.get(place);
    if (edge === undefined || edge === this.chosen?.edge) return make("b", {}, name);
    const [first] = this.registry.strands[edge];
    return leading(this.registry.key({ edge: first }), "link word", () => this.choose({ edge }), name);
  }

  /** The name of an entity; of one that is in the network, or is within one that is, as a link to it. */
  #entity(id) {
    const name = apart(this.registry.names[id] ?? id);
    const node = this.registry.placeById.get(id) ?? this.registry.placeById.get(id.split("#")[0]);
    return node === undefined || node === this.chosen?.node
      ? make("span", { class: "name" }, name)
      : this.link({ node }, name);
  }

  #quote({ quotes = [], source }, tag) {
    if (!quotes.length) return undefined;
    const lang = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.exec(this.registry.sources[source]?.language ?? "")?.[0];
    return make(
      tag,
      { lang, dir: "auto" },
      joined(
        quotes.map((quote) => make("mark", {}, quote)),
        " … ",
      ),
    );
  }

  #who({ claimant, said }) {
    return [claimant ? this.#entity(claimant) : "the source itself", said && `, said ${said}`];
  }

  /** The source: its title, who published it and when, and whom it retells. */
  #source({ source, via }) {
    const { publisher, published } = this.registry.sources[source] ?? {};
    const cited = (id) => make("cite", {}, this.#entity(id));
    return [cited(source), publisher && apart(publisher), published, via && ["retold from ", cited(via)]].filter(
      Boolean,
    );
  }

  #where({ place, when, rows = [], ...claim }) {
    const told = [joined(this.#source(claim), ", "), place, when && `as of ${when}`];
    return [...told.filter(Boolean), ...rows.map((row) => make("code", {}, row))];
  }

  /** How it stands: what contradicts, denies or doubts it, and what it denies itself. */
  #standing({ against = [] }) {
    return against.length > 0 && make("ul", { class: "standing" }, against.map((each) => this.#against(each)));
  }

  #against({ how, claims = [], rest = 0 }) {
    const told = claims.slice(0, FEW_AGAINST).map((place) => this.#reference(place));
    const others = claims.length - told.length + rest;
    const more = others > 0 && `${told.length ? " and " : ""}${many(others, "other claim")}`;
    const colon = told.length || more ? ": " : "";
    return make("li", {}, make("span", { class: "how" }, how), colon, joined(told, "; "), more);
  }

  /** Another claim in a few words, a denial as one, as a link to where it is told. */
  #reference(place) {
    const { subject, property, value, claimant, source, stance } = this.registry.claims[place];
    const { names } = this.registry;
    const what = apart(`${names[subject] ?? subject} ${property} ${value}`);
    const who = apart(names[claimant ?? source]);
    const words = stance ? [who, ` ${DENIALS[stance]} `, what] : [what, " (", who, ")"];
    const [node] = this.registry.nodesOf(place);
    return node === undefined ? words : leading(this.registry.key({ node }), "link", () => this.lead(place), words);
  }
}
