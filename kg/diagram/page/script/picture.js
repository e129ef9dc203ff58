// The picture: what of it is lit, faint or left out, and how one walks from node to node.

const SHORT = 30;

class Picture {
  constructor(svg, registry) {
    Object.assign(this, { svg, registry });
    this.nodes = this.#parts("node", ".nodes > [data-node]", ".labels > [data-node], .leaders > [data-node]");
    this.edges = this.#parts("edge", ".edges > [data-edge]", ".edge-labels > [data-edge]");
    this.nodes.forEach((part, place) => {
      const shape = part.mark.querySelector(".shape") ?? part.mark;
      part.box = boxOf(svg, shape);
      part.room = around([part.box, ...part.labels.map((label) => boxOf(svg, label))]);
      // The shape, not the mark: an address that names it shall not move the focus.
      shape.id = registry.key({ node: place });
    });
    new Set(this.edges.values()).forEach(({ mark, places }) => {
      places.forEach((place) => (registry.strands[place] = places));
      const line = mark.querySelector(".line")?.cloneNode();
      if (line) mark.append(fill(line, { class: "hit" }, []));
      mark.id = registry.key({ edge: places[0] });
    });
    const label = svg.querySelector(".labels text");
    this.typeSize = (label && parseFloat(getComputedStyle(label).fontSize)) || 13;
    this.extra = draw("g", { class: "extra", "aria-hidden": "true" });
    this.rings = { chosen: draw("rect", { class: "ring chosen" }), focus: draw("rect", { class: "ring focus" }) };
    svg.append(this.extra, draw("g", { class: "rings", "aria-hidden": "true" }, ...Object.values(this.rings)));
    this.#name();
  }

  /** The marks and labels of nodes or edges, by their places; some may not be drawn, and one line may be many edges. */
  #parts(word, marks, labels) {
    const found = new Map();
    const placesOf = (element) => element.dataset[word].split(" ").map(Number);
    for (const mark of this.svg.querySelectorAll(marks)) {
      const part = { places: placesOf(mark), mark, labels: [] };
      part.places.forEach((place) => found.set(place, part));
    }
    this.svg.querySelectorAll(labels).forEach((label) => found.get(placesOf(label)[0])?.labels.push(label));
    return found;
  }

  /** Make the nodes a list that is read by their names; the rest is told by the panel and the table. */
  #name() {
    const { svg } = this;
    const title = svg.querySelector(":scope > title");
    svg.setAttribute("role", "graphics-document document");
    svg.removeAttribute("aria-labelledby");
    svg.setAttribute("aria-label", title?.textContent || "Network");
    title?.remove();
    svg.querySelectorAll(".edges, .edge-labels, .labels").forEach((each) => each.setAttribute("aria-hidden", "true"));
    if (this.nodes.size) fill(svg.querySelector(".nodes"), { role: "listbox", "aria-label": "In the picture" }, []);
    this.nodes.forEach(({ mark }, place) => {
      const { label, type, claims, disputes } = this.registry.nodes[place];
      const told = [
        label,
        this.registry.types[type].one,
        many(claims.length, "claim"),
        ...disputes.map(({ on }) => `sources disagree on ${on}`),
      ];
      fill(mark, { role: "option", "aria-selected": "false", "aria-label": told.join(", "), tabindex: "-1" }, []);
      mark.addEventListener("focus", () => this.#focused(place));
      mark.addEventListener("blur", () => this.#place(this.rings.focus));
    });
    this.#settle();
  }

  /** Which signs are drawn. */
  get signs() {
    const edges = [...this.edges.keys()].map((place) => this.registry.edges[place]);
    const nodes = [...this.nodes.keys()].map((place) => this.registry.nodes[place]);
    return {
      denied: edges.some(({ stance }) => stance),
      sources: edges.some(({ weight }) => weight >= 2),
      disputed: [...nodes, ...edges].some(({ disputes }) => disputes.length),
      hidden: this.svg.querySelector(".more") !== null,
    };
  }

  /** Show what a filter leaves. */
  filter({ nodes, edges, sparse }) {
    this.sparse = sparse;
    const mark = (parts, states) =>
      new Set(parts.values()).forEach(({ mark, labels, places }) => {
        const state = ["on", "faint", "off"].find((each) => places.some((place) => states[place] === each));
        for (const each of [mark, ...labels]) {
          each.classList.toggle("off", state === "off");
          each.classList.toggle("faint", state === "faint");
        }
      });
    mark(this.nodes, nodes);
    mark(this.edges, edges);
    this.svg.classList.toggle("thinned", nodes.includes("off"));
    this.#settle();
  }

  /** Light up what is chosen and what it is joined with, and dim the rest; without a choice, light up all. */
  light(chosen) {
    const lit = this.#lit(chosen);
    const put = (parts, places) =>
      new Set(parts.values()).forEach((part) => {
        const lights = part.places.some((place) => places.has(place));
        [part.mark, ...part.labels].forEach((each) => each.classList.toggle("lit", lights));
      });
    put(this.nodes, lit.nodes);
    put(this.edges, lit.edges);
    this.svg.classList.toggle("dimmed", Boolean(chosen));
    this.nodes.forEach(({ mark, labels }, place) => {
      const is = chosen?.node === place;
      mark.setAttribute("aria-selected", String(is));
      labels.forEach((label) => label.classList.toggle("chosen", is));
    });
    const part = this.nodes.get(chosen?.node);
    this.#place(this.rings.chosen, part && this.#walkable(chosen.node) ? part.box : undefined, 5);
    this.extra.replaceChildren(...this.#unlabelled(lit, chosen));
    if (this.nodes.has(chosen?.node) && this.#walkable(chosen.node)) this.#rove(chosen.node);
  }

  #lit(chosen) {
    if (chosen?.node !== undefined) {
      const edges = new Set(this.registry.edgesOf[chosen.node]);
      return { nodes: new Set([chosen.node, ...this.registry.neighbours(chosen.node)]), edges };
    }
    if (chosen?.edge !== undefined)
      return { nodes: new Set(this.registry.ends[chosen.edge]), edges: new Set(this.registry.strands[chosen.edge]) };
    return { nodes: new Set(), edges: new Set() };
  }

  /** Labels for what has none in the picture, where it is lit, or where few are left. */
  #unlabelled(lit, chosen) {
    if (!chosen && !this.sparse) return [];
    const seen = chosen ? lit.nodes : this.nodes.keys();
    const nodes = [...seen].filter((place) => this.nodes.get(place)?.labels.length === 0 && this.#walkable(place));
    return [
      ...nodes.map((place) => {
        const { box } = this.nodes.get(place);
        const at = { x: box.x + box.width / 2, y: box.y + box.height + this.typeSize * 1.15 };
        return draw("text", { ...at, "font-size": this.typeSize }, short(this.registry.nodes[place].label));
      }),
    ];
  }

  /** The box around what is lit and its names, for the view. */
  neighbourhood(chosen) {
    const seen = [...this.#lit(chosen).nodes].filter((place) => this.nodes.has(place) && this.#walkable(place));
    return seen.length ? around(seen.map((place) => this.nodes.get(place).room)) : undefined;
  }

  /** The middle of a node, or of what an edge joins. */
  heart(chosen) {
    const box = chosen.node === undefined ? this.neighbourhood(chosen) : this.nodes.get(chosen.node)?.box;
    return box && middle(box);
  }

  /** What stands at a target of the pointer, or is near enough to it to be meant. */
  at(target, point, reach) {
    const found = target.closest?.("[data-node], [data-edge]");
    if (found?.dataset.node) return { node: Number(found.dataset.node) };
    const near = [...this.nodes.keys()]
      .filter((place) => this.#walkable(place))
      .map((place) => {
        const { x, y } = middle(this.nodes.get(place).box);
        return { node: place, far: Math.hypot(x - point.x, y - point.y) };
      });
    const [nearest] = near.sort((one, other) => one.far - other.far);
    if (nearest && nearest.far <= reach) return { node: nearest.node };
    return found ? { edge: Number(found.dataset.edge.split(" ")[0]) } : undefined;
  }

  /** Move the focus to a node, if it is there. */
  focus(place) {
    if (!this.nodes.has(place) || !this.#walkable(place)) return;
    this.#rove(place);
    this.nodes.get(place).mark.focus({ preventScroll: true });
  }

  /** The nearest node in a direction. */
  towards(place, right, down) {
    const from = middle(this.nodes.get(place).box);
    let best;
    for (const [other, { box }] of this.nodes) {
      if (other === place || !this.#walkable(other)) continue;
      const { x, y } = middle(box);
      const ahead = (x - from.x) * right + (y - from.y) * down;
      const aside = Math.abs((x - from.x) * down) + Math.abs((y - from.y) * right);
      const cost = ahead + 2 * aside + (aside > ahead ? 1e6 : 0);
      if (ahead > 1 && (!best || cost < best.cost)) best = { other, cost };
    }
    return best?.other;
  }

  /** The next of the nodes joined with one, after another of them. */
  nextNeighbour(of, after, step) {
    const around = this.registry.neighbours(of).filter((place) => this.nodes.has(place) && this.#walkable(place));
    const at = around.indexOf(after);
    return around.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % around.length);
  }

  #walkable(place) {
    return !this.nodes.get(place).mark.matches(".off");
  }

  #focused(place) {
    this.#rove(place);
    if (this.nodes.get(place).mark.matches(":focus-visible"))
      this.#place(this.rings.focus, this.nodes.get(place).box, 9);
  }

  /** Let Tab lead to one node only. */
  #rove(place) {
    this.nodes.get(this.current)?.mark.setAttribute("tabindex", "-1");
    this.current = place;
    this.nodes.get(place)?.mark.setAttribute("tabindex", "0");
  }

  /** Keep the node that Tab leads to, or take the first with most edges that is left. */
  #settle() {
    if (this.nodes.has(this.current) && this.#walkable(this.current)) return;
    const left = [...this.nodes.keys()].filter((place) => this.#walkable(place));
    const degree = (place) => this.registry.edgesOf[place].length;
    this.#rove(left.sort((one, other) => degree(other) - degree(one) || one - other)[0]);
  }

  #place(ring, box, gap) {
    ring.classList.toggle("placed", Boolean(box));
    if (!box) return;
    const [width, height] = [box.width + 2 * gap, box.height + 2 * gap];
    const round = Math.min(box.width, box.height) > 0.65 * Math.max(box.width, box.height);
    const side = Math.max(width, height);
    const size = round ? { width: side, height: side, rx: side / 2 } : { width, height, rx: gap + 3 };
    const { x, y } = middle(box);
    fill(ring, { ...size, x: x - size.width / 2, y: y - size.height / 2 }, []);
  }
}

function short(text) {
  const letters = [...text];
  return letters.length > SHORT
    ? `${letters
        .slice(0, SHORT - 1)
        .join("")
        .trimEnd()}…`
    : text;
}

/** The box of an element in the units of the picture. */
function boxOf(svg, element) {
  const { x, y, width, height } = element.getBBox();
  const onto = svg.getScreenCTM()?.inverse().multiply(element.getScreenCTM());
  if (!onto) return { x, y, width, height };
  const corners = [
    [x, y],
    [x + width, y + height],
  ].map(([left, top]) => new DOMPoint(left, top).matrixTransform(onto));
  return around(corners.map(({ x: left, y: top }) => ({ x: left, y: top, width: 0, height: 0 })));
}

function around(boxes) {
  const low = (name) => Math.min(...boxes.map((box) => box[name]));
  const high = (name, size) => Math.max(...boxes.map((box) => box[name] + box[size]));
  const [x, y] = [low("x"), low("y")];
  return { x, y, width: high("x", "width") - x, height: high("y", "height") - y };
}
