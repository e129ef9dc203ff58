// What the page knows: nodes, edges and claims, told by their places, and how they hang together.

class Registry {
  constructor({ about, partial, nodes, edges, claims, names, sources, types }) {
    Object.assign(this, { about, partial, claims, names, sources, types });
    this.nodes = nodes.map((node) => ({ aliases: [], claims: [], disputes: [], ...node }));
    this.edges = edges.map((edge) => ({ claims: [], disputes: [], ...edge }));
    this.placeById = new Map(nodes.map((node, place) => [node.id, place]));
    this.ends = edges.map((edge) => [this.placeById.get(edge.source), this.placeById.get(edge.target)]);
    this.strands = edges.map((_, place) => [place]);
    this.edgesOf = nodes.map(() => []);
    this.ends.forEach((ends, edge) => new Set(ends).forEach((node) => this.edgesOf[node].push(edge)));
    this.edgeByClaim = new Map();
    this.edges.forEach((edge, place) => edge.claims.forEach((claim) => this.edgeByClaim.set(claim, place)));
    this.placeByKey = new Map();
    this.keys = this.edges.map((edge, place) => this.#edgeKey(edge, place));
  }

  /** The claims about a node: it is their subject, their value or who makes them; the rest; and spellings of it. */
  claimsOf(place) {
    const { id, claims } = this.nodes[place];
    const group = id.startsWith("group/") ? `#${id.slice("group/".length)}` : undefined;
    const found = { own: [], naming: [], told: [], further: [], spelling: [] };
    this.claims.forEach((claim, number) => {
      const within = group && claim.subject.endsWith(group);
      if (claim.subject === id && claim.spells) found.spelling.push(number);
      else if (claim.subject === id || claim.subject.split("#")[0] === id) found.own.push(number);
      else if (claim.entity === id || claim.entity?.split("#")[0] === id || within) found.naming.push(number);
      else if (claim.claimant === id || claim.source === id) found.told.push(number);
      else if (claims.includes(number)) found.further.push(number);
    });
    return found;
  }

  /** The nodes that a claim is on. */
  nodesOf(claim) {
    const { subject, entity, claimant } = this.claims[claim];
    const ids = [subject, subject.split("#")[0], entity].filter(Boolean);
    const found = ids.map((id) => this.placeById.get(id)).filter((place) => place !== undefined);
    if (found.length) return found;
    return this.placeById.has(claimant) ? [this.placeById.get(claimant)] : [];
  }

  /** The nodes joined with a node, in the order of its edges, without itself. */
  neighbours(place) {
    const found = new Set(this.edgesOf[place].flatMap((edge) => this.ends[edge]));
    found.delete(place);
    return [...found];
  }

  /** What is chosen as a part of an address. */
  key(chosen) {
    return chosen.node === undefined ? this.keys[chosen.edge] : encoded(this.nodes[chosen.node].id);
  }

  /** The part of an address that means an edge: its ends, its relation, its stance if it does not assert, and a number
   * where another edge has all of these. */
  #edgeKey({ source, relation, target, stance }, place) {
    const parts = [source, relation, target, ...(stance ? [stance] : [])];
    const key = parts.map(encoded).join("~");
    let own = key;
    for (let number = 2; this.placeByKey.has(own); number += 1) own = `${key}~${number}`;
    this.placeByKey.set(own, place);
    return own;
  }

  /** What a part of an address means, if it means anything here. */
  chosenBy(key) {
    const node = this.nodes.findIndex(({ id }) => encoded(id) === key || id === key);
    if (node >= 0) return { node };
    const edge = this.placeByKey.get(key);
    return edge === undefined ? undefined : { edge };
  }
}

/** A text as a part of an address: no two texts have the same one, and nothing in it is a sign to be decoded. */
function encoded(text) {
  const signs = encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%20", "+").replaceAll("~", "%7E");
  return signs.replaceAll("%", "=");
}

/** What a filter leaves: each node and edge is "on", "faint" where no claim is left, or "off"; and the claims. */
function filtered(registry, { hidden, disputed, keeps }) {
  const kept = registry.claims.map(keeps);
  const left = ({ claims }) => claims.length === 0 || claims.some((claim) => kept[claim]);
  const atDispute = new Set();
  registry.nodes.forEach((node, place) => node.disputes.length && atDispute.add(place));
  const isDisputed = ({ disputes, stance }) => disputes.length > 0 || Boolean(stance);
  registry.edges.forEach((edge, place) => isDisputed(edge) && registry.ends[place].forEach((end) => atDispute.add(end)));
  const off = registry.nodes.map((node, place) => hidden.has(node.type) || (disputed && !atDispute.has(place)));
  const edges = registry.edges.map((edge, place) => {
    if (registry.ends[place].some((end) => off[end]) || (disputed && !isDisputed(edge))) return "off";
    return left(edge) ? "on" : "faint";
  });
  const nodes = registry.nodes.map((node, place) => {
    if (off[place]) return "off";
    const told = [node, ...registry.edgesOf[place].map((edge) => registry.edges[edge])].filter(
      (each) => each.claims.length,
    );
    return told.length === 0 || told.some(left) ? "on" : "faint";
  });
  const contested = new Set([
    ...[...registry.nodes, ...registry.edges].flatMap((each) => each.disputes.flatMap((one) => one.claims)),
    ...registry.edges.flatMap(({ stance, claims }) => (stance ? claims : [])),
  ]);
  const claims = kept.map((keep, claim) => {
    const on = registry.nodesOf(claim);
    const seen = on.length ? on.some((node) => !off[node]) : hidden.size === 0;
    return keep && (disputed ? contested.has(claim) : seen);
  });
  return { nodes, edges, kept, claims, sparse: disputed };
}
