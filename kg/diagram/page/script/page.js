// The page: what is chosen and what is filtered, and who is told of it.

const THEMES = { auto: "as the system has them", light: "light", dark: "dark" };
const CORNERS = ["bottom right", "top right", "top left", "bottom left"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class Page {
  constructor() {
    const one = (selector) => document.querySelector(selector);
    this.registry = new Registry(JSON.parse(one("#page-content").textContent));
    this.svg = one(".stage > svg");
    this.stage = one(".stage");
    this.dialog = one("dialog");
    this.field = one("#page-search");
    this.status = one("#page-status");
    this.hidden = new Set();
    const icon = (type) => one(`.filters [data-type="${type}"] + .icon`).cloneNode(true);
    const choose = (chosen) => this.choose(chosen);
    const read = (chosen) => this.choose(chosen, { read: true });
    this.picture = new Picture(this.svg, this.registry);
    this.view = new View(this.svg, this.stage);
    const { signs } = this.picture;
    this.panel = new Panel(one(".panel"), this.registry, { choose: read, close: () => this.close(), icon, signs });
    this.search = new Search(this.field, one("#page-found"), this.registry, { choose: read, icon });
    this.times = new Times(one(".time"), this.registry.claims, () => this.filter());
    this.table = new Table(one("details.claims"), this.registry, choose);
    this.#pictured();
    this.#filters();
    this.#theme();
    this.#keys();
    document.documentElement.classList.add("live");
    this.filter();
    this.view.open(this.picture.typeSize);
    this.#park();
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
  }

  /** Choose a node or an edge; with `read` the focus goes on to what is said about it. */
  choose(chosen, { read = false, still = false } = {}) {
    this.chosen = chosen;
    this.picture.light(chosen);
    this.#tell();
    this.#remember(chosen ? `#${this.registry.key(chosen)}` : "");
    if (!chosen) return;
    const heart = this.picture.heart(chosen);
    const box = this.picture.neighbourhood(chosen);
    if (heart && box && !still) this.view.show(box, heart, 15 / this.picture.typeSize);
    else if (heart) this.view.reveal(heart);
    const { heading, count } = this.panel;
    this.status.textContent = `${heading.textContent}: ${count.textContent}`;
    if (read) heading.focus({ preventScroll: true });
  }

  /** Choose nothing; the focus goes back to the picture if it was on what is closed. */
  close() {
    const inside = this.panel.root.contains(document.activeElement);
    const last = this.chosen;
    this.choose(undefined);
    this.status.textContent = "";
    if (inside) this.picture.focus(last?.node ?? this.picture.current);
  }

  /** Show what the boxes and the slider leave. */
  filter() {
    const disputed = document.querySelector("#page-disputed").checked;
    const keeps = (claim) => this.times.keeps(claim);
    this.left = filtered(this.registry, { hidden: this.hidden, disputed, keeps });
    this.picture.filter(this.left);
    this.table.filter(this.left);
    this.picture.light(this.chosen);
    this.#tell();
  }

  #tell() {
    this.panel.show(this.chosen, this.left, () => this.times.widen());
    // Where the panel is a sheet, the view makes do with what it leaves of the picture.
    const sheet = this.panel.root;
    const isSheet = this.chosen && getComputedStyle(sheet).position === "fixed";
    this.view.cover(isSheet ? this.stage.getBoundingClientRect().bottom - (innerHeight - sheet.offsetHeight) : 0);
  }

  #remember(hash) {
    try {
      history.replaceState(null, "", hash || location.pathname + location.search);
    } catch {
      // A page within another one may have no address of its own.
    }
  }

  /** Choose what the address names. */
  #follow() {
    const found = location.hash.length > 1 && this.registry.chosenBy(location.hash.slice(1));
    if (found) this.choose(found);
  }

  #pictured() {
    const { svg, view, picture, stage } = this;
    handle(view, (event) => {
      const found = picture.at(event.target, view.point(event.clientX, event.clientY), 20 / view.scale);
      if (found) this.choose(found);
      else if (this.chosen) this.close();
    });
    svg.addEventListener("keydown", (event) => this.#walk(event));
    svg.addEventListener("focusin", ({ target }) => {
      if (target.matches("[data-node]:focus-visible"))
        view.reveal(picture.heart({ node: Number(target.dataset.node) }));
    });
    const zooms = { out: () => this.#zoom(1 / 1.4), in: () => this.#zoom(1.4), fit: () => view.fit(true) };
    stage
      .querySelectorAll("[data-zoom]")
      .forEach((button) => button.addEventListener("click", zooms[button.dataset.zoom]));
  }

  /** Put the buttons into a corner where they hide nothing of the picture as it opens, if there is one. */
  #park() {
    const buttons = this.stage.querySelector(".zoom");
    const shown = [...this.svg.querySelectorAll("[data-node], .label")].map((each) => each.getBoundingClientRect());
    const hides = (corner) => {
      buttons.dataset.corner = corner;
      const { left, right, top, bottom } = buttons.getBoundingClientRect();
      return shown.some((box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top);
    };
    buttons.dataset.corner = CORNERS.find((corner) => !hides(corner)) ?? CORNERS[0];
  }

  #zoom(factor) {
    this.view.zoom(factor, undefined, true);
  }

  /** Keys within the picture: from node to node, and to what is said of one. */
  #walk(event) {
    const node = this.picture.current;
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("[data-node]")) return;
    const { key } = event;
    let next;
    if (ARROWS[key]) next = this.picture.towards(node, ...ARROWS[key]);
    else if (key === "n" || key === "p") next = this.#neighbour(node, key === "n" ? 1 : -1);
    else if (key === "Enter") this.choose({ node }, { read: true });
    else if (key === " ") this.choose({ node }, { still: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next !== undefined) this.picture.focus(next);
  }

  /** From the panel into the picture: to a neighbour of the node that is chosen. */
  #next(step) {
    if (this.chosen?.node === undefined) return;
    const next = this.picture.nextNeighbour(this.chosen.node, this.picture.current, step);
    if (next !== undefined) this.picture.focus(next);
  }

  #neighbour(node, step) {
    if (this.chosen?.node === undefined) this.choose({ node }, { still: true });
    return this.picture.nextNeighbour(this.chosen.node, node, step);
  }

  #filters() {
    document.querySelectorAll(".filters [data-type]").forEach((box) =>
      box.addEventListener("change", () => {
        this.hidden[box.checked ? "delete" : "add"](box.dataset.type);
        this.filter();
      }),
    );
    document.querySelector("#page-disputed").addEventListener("change", () => this.filter());
  }

  #theme() {
    const button = document.querySelector("#page-theme");
    const names = Object.keys(THEMES);
    const put = (name) => {
      document.documentElement.dataset.theme = name;
      button.setAttribute("aria-label", `Colours: ${THEMES[name]}`);
      button.title = `Colours: ${THEMES[name]}`;
    };
    button.addEventListener("click", () =>
      put(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]),
    );
    put("auto");
  }

  #keys() {
    const signs = {
      "/": () => this.field.focus(),
      "?": () => this.dialog.showModal(),
      "+": () => this.#zoom(1.4),
      "=": () => this.#zoom(1.4),
      "-": () => this.#zoom(1 / 1.4),
      "−": () => this.#zoom(1 / 1.4),
      0: () => this.view.fit(true),
      n: () => this.#next(1),
      p: () => this.#next(-1),
    };
    document.querySelector("#page-help").addEventListener("click", signs["?"]);
    this.dialog.querySelector(".close").addEventListener("click", () => this.dialog.close());
    // What is beside the keys, closes them.
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || this.dialog.open) return;
      if (event.key === "Escape" && this.chosen) this.close();
      const writing = event.target.matches?.("input:not([type=checkbox], [type=range]), textarea");
      const everywhere = document.querySelector("#page-shortcuts").checked || this.svg.contains(event.target);
      if (writing || !everywhere || !Object.hasOwn(signs, event.key)) return;
      event.preventDefault();
      signs[event.key]();
    });
  }
}

new Page();
