// Elements and words. Text of others gets into the page as text only, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const UNFOLDED = { ə: "e", ı: "i", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe" };

/** Fill an element: attributes by their names, listeners where they are functions, children as elements or texts; what
 * is false, undefined or an empty text is left out. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** A new element of HTML. */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** A new element of SVG. */
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A text of somebody else's, kept apart so that it cannot turn the direction of what is around it. */
function apart(text) {
  return make("bdi", {}, text);
}

/** A link to what is drawn under a key, which `follow` leads to without a word in the browser's history. */
function leading(key, look, follow, name) {
  if (!document.getElementById(key))
    return make("button", { type: "button", class: look, click: follow }, name);
  const click = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow();
  };
  return make("a", { href: `#${key}`, class: look, click }, name);
}

/** A text as it is compared: without case, accents and the marks within names. */
function fold(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[ʻʼ‘’'`]/g, "").replace(/[əıøłđðþßæœ]/g, (letter) => UNFOLDED[letter]);
}

/** A number with its noun. */
function many(count, one, more = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}

/** Words with a capital letter in front. */
function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Items with something between each two. */
function joined(items, between) {
  return items.flatMap((item, place) => (place ? [between, item] : [item]));
}

/** Whether things should move at once rather than glide. */
function atOnce() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
