// The slider of time: how many claims there are of each month, quarter or year, and which of them are told.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const STEPS = [1, 3, 12, 24, 60, 120, 240, 600, 1200, 6000, 24000];
const BARS = 36;
const FEW = 0.04;

class Times {
  constructor(root, claims, changed) {
    Object.assign(this, { root, claims, changed });
    const spans = claims
      .filter(({ days }) => days)
      .map(({ days: [low, high] }) => [low || high, high || low].map(monthOf));
    this.root.hidden = !spans.length;
    this.inputs = [root.querySelector(".from"), root.querySelector(".until")];
    this.#divide(
      spans.map(([first]) => first).sort((one, other) => one - other),
      Math.max(...spans.map(([, last]) => last)),
    );
    [this.from, this.until] = [0, this.count];
    if (spans.length) this.#build();
  }

  /** Choose bars for months, quarters or years; where a few claims are much older, the first bar is of all of them. */
  #divide(firsts, last) {
    const sizeFrom = (first, bars) =>
      STEPS.find((size) => Math.floor(last / size) - Math.floor(first / size) < bars) ?? STEPS.at(-1);
    const bulk = firsts[Math.floor(firsts.length * FEW)];
    const [all, late] = [sizeFrom(firsts[0], BARS), sizeFrom(bulk, BARS - 1)];
    this.gathers = late < all;
    this.step = Math.min(all, late);
    this.start = Math.floor((this.gathers ? bulk : firsts[0]) / this.step) * this.step - (this.gathers ? this.step : 0);
    this.count = firsts.length ? Math.floor((last - this.start) / this.step) + 1 : 0;
  }

  /** Whether a claim holds within what is chosen; one that nothing dates always does. */
  keeps(claim) {
    const [first, last] = this.#bins(claim) ?? [this.from, this.from];
    return first < this.until && last >= this.from;
  }

  /** Choose all of the time again. */
  widen() {
    this.#set(0, this.count);
  }

  /** The first and the last bar of a claim; one of open days is of the end that is known. */
  #bins({ days }) {
    if (!days) return undefined;
    const [low, high] = days;
    return [low || high, high || low].map((day) => Math.max(Math.floor((monthOf(day) - this.start) / this.step), 0));
  }

  #build() {
    const counts = Array(this.count).fill(0);
    this.claims.forEach((claim) => {
      const [first, last] = this.#bins(claim) ?? [0, -1];
      for (let bar = first; bar <= last; bar += 1) counts[bar] += 1;
    });
    const most = Math.max(...counts);
    const bars = this.root.querySelector(".bars");
    this.bars = counts.map((count, bar) => {
      const height = count ? Math.max((100 * count) / most, 6) : 0;
      return draw("rect", { x: bar + 0.09, y: 100 - height, width: 0.82, height });
    });
    fill(bars, { viewBox: `0 0 ${this.count} 100` }, this.bars);
    new ResizeObserver(() => this.#tick()).observe(this.root);
    this.inputs.forEach((input, end) => {
      fill(input, { max: this.count, value: end ? this.count : 0, input: () => this.#moved(end) }, []);
    });
    this.root.querySelector("button").addEventListener("click", () => {
      this.widen();
      this.inputs[0].focus();
    });
    this.#told();
  }

  /** Words below the bars, as many as have room: years, or months of which the first and each January tell theirs. */
  #tick() {
    const ticks = this.root.querySelector(".ticks");
    const bars = Array.from({ length: this.count }, (_, bar) => bar).slice(this.gathers ? 1 : 0);
    const january = bars.filter((bar) => this.#month(bar) % 12 === 0);
    const yearly = this.step >= 12 || january.length > 3;
    const places = yearly && this.step < 12 ? january : bars;
    const most = ticks.clientWidth / (yearly ? 44 : 66);
    const every = [1, 2, 3, 4, 6, 12, 24].find((step) => places.length / step <= most) ?? 48;
    const room = ticks.clientWidth / this.count;
    const chosen = places.filter((bar, place) => {
      const fits = !this.gathers || bar * room >= 60;
      return fits && (yearly ? place : this.#month(bar) / this.step) % every === 0;
    });
    const name = (bar, place) => {
      const [year, month] = [Math.floor(this.#month(bar) / 12), this.#month(bar) % 12];
      return yearly ? String(year) : `${MONTHS[month]}${month === 0 || place === 0 ? ` ${year}` : ""}`;
    };
    const told = chosen.map((bar, place) => [bar, name(bar, place)]);
    if (this.gathers) told.unshift([0, "earlier"]);
    ticks.replaceChildren(
      ...told.map(([bar, words]) => {
        const tick = make("span", {}, words);
        tick.style.left = `${(100 * (bar + 0.5)) / this.count}%`;
        return tick;
      }),
    );
  }

  /** The month with which a bar begins, from the year 0. */
  #month(bar) {
    return this.start + bar * this.step;
  }

  #moved(end) {
    const [from, until] = this.inputs.map((input) => Number(input.value));
    if (end) this.#set(Math.min(this.from, this.count - 1), Math.max(until, this.from + 1));
    else this.#set(Math.min(from, this.until - 1), this.until);
  }

  #set(from, until) {
    Object.assign(this, { from, until });
    this.#told();
    this.changed();
  }

  #told() {
    const { from, until, count } = this;
    const all = from === 0 && until === count;
    const words = all ? "all dates" : this.#range(from, until);
    const undated = this.claims.filter((claim) => !claim.days).length;
    this.inputs[0].value = from;
    this.inputs[1].value = until;
    this.inputs[0].setAttribute("aria-valuetext", this.#range(from, from + 1));
    this.inputs[1].setAttribute("aria-valuetext", this.#range(until - 1, until));
    this.bars.forEach((bar, place) => bar.classList.toggle("out", place < from || place >= until));
    const chosen = this.root.querySelector(".chosen");
    chosen.style.left = `${(100 * from) / count}%`;
    chosen.style.right = `${100 - (100 * until) / count}%`;
    this.root.querySelector("output").textContent = words;
    this.root.querySelector(".undated").textContent = undated ? `and ${many(undated, "undated claim")}` : "";
    this.root.querySelector("button").hidden = all;
  }

  /** Some bars in words. */
  #range(from, until) {
    const name = (month) => (this.step < 12 ? monthName(month) : String(Math.floor(month / 12)));
    const [first, last] = [this.#month(from), this.#month(until) - 1];
    if (this.gathers && from === 0) return `${name(last)} and earlier`;
    return [...new Set([name(first), name(last)])].join(" – ");
  }
}

/** The number of the month of a day, from the year 0. */
function monthOf(day) {
  const [year, month] = day.split("-").map(Number);
  return 12 * year + month - 1;
}

function monthName(month) {
  return `${MONTHS[month % 12]} ${Math.floor(month / 12)}`;
}
