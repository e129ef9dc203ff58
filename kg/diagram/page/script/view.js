// The part of the picture that is seen: a middle, in the picture's units, and how many pixels one of them has.

const GLIDE = 380;

class View {
  constructor(svg, stage) {
    Object.assign(this, { svg, stage, covered: 0 });
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.whole = around([{ x, y, width: width || 1, height: height || 1 }, svg.getBBox()]);
    this.fit();
    new ResizeObserver(() => (this.fits ? this.fit() : this.#apply())).observe(stage);
  }

  /** The size of what can be seen, in pixels; a sheet may cover the rest. */
  get #room() {
    return { width: this.stage.clientWidth || 1, height: Math.max(this.stage.clientHeight - this.covered, 80) };
  }

  get #fitting() {
    const { width, height } = this.#room;
    return Math.min(width / this.whole.width, height / this.whole.height);
  }

  /** Show the whole picture. */
  fit(glide = false) {
    this.#go({ ...middle(this.whole), scale: this.#fitting }, glide);
    this.fits = true;
  }

  /** Begin with all of it, or on a small screen that could not show its words, with its middle at a size that can. */
  open(typeSize) {
    const readable = 8.5 / typeSize;
    const { width, height } = this.#room;
    if (this.#fitting >= readable || (width >= 600 && height >= 360)) this.fit();
    else this.#go({ ...middle(this.whole), scale: Math.min(readable, 2.6 * this.#fitting) });
  }

  /** Make do without the lowest pixels; the picture itself stays where it is. */
  cover(pixels) {
    const covered = Math.max(pixels, 0);
    this.y -= (covered - this.covered) / 2 / this.scale;
    this.covered = covered;
  }

  /** Make it larger or smaller, around a point of the picture that stays where it is. */
  zoom(factor, at = { x: this.x, y: this.y }, glide = false) {
    const scale = this.#within(this.scale * factor);
    const share = this.scale / scale;
    this.#go({ x: at.x + (this.x - at.x) * share, y: at.y + (this.y - at.y) * share, scale }, glide);
  }

  /** Move it by pixels. */
  pan(right, down, glide = false) {
    this.#go({ x: this.x - right / this.scale, y: this.y - down / this.scale, scale: this.scale }, glide);
  }

  /** Show a box of the picture, as large as fits, but `most` at the most; its `heart` is seen in any case. */
  show(box, heart, most) {
    const { width, height } = this.#room;
    const fitting = Math.min((width - 60) / box.width, (height - 60) / box.height, Math.max(most, this.#fitting));
    const scale = this.#within(Math.max(fitting, Math.min(0.62, most)));
    const aim = middle(box);
    const reach = { x: Math.max(width / 2 - 90, 0) / scale, y: Math.max(height / 2 - 70, 0) / scale };
    const near = (value, at, most) => Math.min(Math.max(value, at - most), at + most);
    this.#go({ x: near(aim.x, heart.x, reach.x), y: near(aim.y, heart.y, reach.y), scale }, true);
  }

  /** Move as little as is needed for a point of the picture to be well within what is seen. */
  reveal({ x, y }) {
    const { width, height } = this.#room;
    const reach = { x: Math.max(width / 2 - 60, 0) / this.scale, y: Math.max(height / 2 - 50, 0) / this.scale };
    const near = (value, at, most) => Math.min(Math.max(value, at - most), at + most);
    const goal = { x: near(this.x, x, reach.x), y: near(this.y, y, reach.y), scale: this.scale };
    if (goal.x !== this.x || goal.y !== this.y) this.#go(goal, true);
  }

  /** The point of the picture at a point of the window. */
  point(clientX, clientY) {
    const { left, top } = this.stage.getBoundingClientRect();
    const { width, height } = this.#room;
    return {
      x: this.x + (clientX - left - width / 2) / this.scale,
      y: this.y + (clientY - top - height / 2) / this.scale,
    };
  }

  #within(scale) {
    return Math.min(Math.max(scale, 0.7 * this.#fitting), Math.max(10 * this.#fitting, 4));
  }

  #go(goal, glide = false) {
    cancelAnimationFrame(this.frame);
    this.fits = false;
    const { x, y, width, height } = this.whole;
    goal.x = Math.min(Math.max(goal.x, x), x + width);
    goal.y = Math.min(Math.max(goal.y, y), y + height);
    if (!glide || atOnce() || !this.scale) {
      Object.assign(this, goal);
      this.#apply();
      return;
    }
    const from = { x: this.x, y: this.y, scale: this.scale };
    const start = performance.now();
    const step = (now) => {
      const share = Math.min(Math.max((now - start) / GLIDE, 0), 1);
      const eased = 1 - (1 - share) ** 3;
      this.x = from.x + (goal.x - from.x) * eased;
      this.y = from.y + (goal.y - from.y) * eased;
      this.scale = from.scale * (goal.scale / from.scale) ** eased;
      this.#apply();
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  #apply() {
    const { width, height } = this.#room;
    const all = [this.stage.clientWidth || 1, this.stage.clientHeight || 1].map((pixels) => pixels / this.scale);
    const corner = [this.x - width / this.scale / 2, this.y - height / this.scale / 2];
    this.svg.setAttribute("viewBox", [...corner, ...all].map((value) => value.toFixed(3)).join(" "));
  }
}

function middle({ x, y, width, height }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Let fingers, a mouse and its wheel move the view; `tapped` is told of what was no drag. */
function handle(view, tapped) {
  const fingers = new Map();
  let moved = 0;
  const spread = () => {
    const [one, other] = [...fingers.values()];
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, far: Math.hypot(one.x - other.x, one.y - other.y) };
  };
  view.svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  view.svg.addEventListener("pointermove", (event) => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    const before = fingers.size === 2 ? spread() : undefined;
    const by = { x: event.clientX - last.x, y: event.clientY - last.y };
    moved += Math.hypot(by.x, by.y);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (moved < 5) return;
    if (!view.svg.hasPointerCapture(event.pointerId)) view.svg.setPointerCapture(event.pointerId);
    view.stage.classList.add("dragged");
    if (before) {
      const after = spread();
      view.pan(after.x - before.x, after.y - before.y);
      view.zoom(after.far / (before.far || 1), view.point(after.x, after.y));
    } else if (fingers.size === 1) view.pan(by.x, by.y);
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    if (!fingers.size) view.stage.classList.remove("dragged");
  };
  view.svg.addEventListener("pointerup", lift);
  view.svg.addEventListener("pointercancel", lift);
  view.svg.addEventListener("click", (event) => moved < 5 && tapped(event));
  view.svg.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const turn = Math.min(Math.max(event.deltaY * lines, -240), 240);
      view.zoom(Math.exp(-turn * (event.ctrlKey ? 0.01 : 0.002)), view.point(event.clientX, event.clientY));
    },
    { passive: false },
  );
}
