/**
 * Which pods may reach which, by what network policies say: all reach all until a policy selects one. Pure.
 * Source: kubernetes.io/docs/concepts/services-networking/network-policies (policies add up; both ends must let a connection pass).
 */
import { BlockList, isIPv6 } from 'node:net';
import type { Peer, Policy, RulePort, Selector } from './objects.ts';

/** The pods of one workload as a policy sees them. */
export interface Endpoint {
  readonly id: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of its pods that run; none: it may get any. */
  readonly addresses: readonly string[];
  /** What its gateway and its containers listen on. */
  readonly ports: readonly { readonly first: number; readonly last: number; readonly name?: string }[];
  /** Whether it has the network of its node: no policy holds there. */
  readonly onNode: boolean;
}

type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Id of an endpoint → the networks that it has in common with others; whoever is alone in one has it all the same. */
export function networksOf(
  endpoints: readonly Endpoint[],
  policies: readonly Policy[],
  namespaces: Namespaces,
): ReadonlyMap<string, { readonly networks: readonly string[]; readonly isHeldBack: boolean }> {
  const seen = endpoints.map((endpoint) => ({
    endpoint,
    ingress: policies.filter((policy) => holds(policy, endpoint, 'Ingress')),
    egress: policies.filter((policy) => holds(policy, endpoint, 'Egress')),
  }));
  const networks = new Map(endpoints.map(({ id }) => [id, new Set<string>()]));
  for (const [at, here] of seen.entries()) {
    const { endpoint } = here;
    if (endpoint.onNode) networks.get(endpoint.id)?.add('host');
    else if (isFree(here)) networks.get(endpoint.id)?.add('pods that no network policy selects');
    for (const there of seen.slice(at + 1)) {
      const [one, other] = [endpoint, there.endpoint];
      if (one.onNode || other.onNode || (isFree(here) && isFree(there))) continue;
      if (!reaches(here, there, namespaces) && !reaches(there, here, namespaces)) continue;
      for (const { id } of [one, other]) networks.get(id)?.add(`what network policies leave open between ${one.id} and ${other.id}`);
    }
  }
  return new Map(seen.map((one) => [one.endpoint.id, { networks: [...(networks.get(one.endpoint.id) ?? [])], isHeldBack: !isFree(one) }]));
}

interface Placed {
  readonly endpoint: Endpoint;
  readonly ingress: readonly Policy[];
  readonly egress: readonly Policy[];
}

function isFree({ ingress, egress }: Placed): boolean {
  return ingress.length === 0 && egress.length === 0;
}

function holds({ metadata, spec }: Policy, { namespace, labels, onNode }: Endpoint, direction: 'Ingress' | 'Egress'): boolean {
  const types = spec.policyTypes ?? ['Ingress', ...(spec.egress === null || spec.egress === undefined ? [] : ['Egress'])];
  return !onNode && metadata.namespace === namespace && types.includes(direction) && selects(spec.podSelector ?? {}, labels);
}

function reaches(from: Placed, to: Placed, namespaces: Namespaces): boolean {
  const lets = (peers: readonly Peer[] | null | undefined, ports: readonly RulePort[] | null | undefined, home: Policy, other: Endpoint): boolean =>
    ((peers ?? []).length === 0 || (peers ?? []).some((peer) => isPeer(peer, home.metadata.namespace ?? '', other, namespaces))) &&
    ((ports ?? []).length === 0 || (ports ?? []).some((port) => isPort(port, to.endpoint)));
  const out =
    from.egress.length === 0 ||
    from.egress.some((policy) => (policy.spec.egress ?? []).some((rule) => lets(rule.to, rule.ports, policy, to.endpoint)));
  const into =
    to.ingress.length === 0 ||
    to.ingress.some((policy) => (policy.spec.ingress ?? []).some((rule) => lets(rule.from, rule.ports, policy, from.endpoint)));
  return out && into;
}

/** Without a selector of namespaces a peer is in the policy's own. */
function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, home: string, other: Endpoint, namespaces: Namespaces): boolean {
  if (ipBlock !== null && ipBlock !== undefined) return isInBlock(ipBlock.cidr, ipBlock.except ?? [], other.addresses);
  const labels = namespaces.get(other.namespace) ?? { 'kubernetes.io/metadata.name': other.namespace };
  const inNamespace = namespaceSelector === null || namespaceSelector === undefined ? other.namespace === home : selects(namespaceSelector, labels);
  return inNamespace && (podSelector === null || podSelector === undefined || selects(podSelector, other.labels));
}

/** A pod that does not run may get any address. */
function isInBlock(cidr: string, except: readonly string[], addresses: readonly string[]): boolean {
  const [inside, outside] = [listOf([cidr]), listOf(except)];
  const isIn = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return addresses.length === 0 || addresses.some((address) => isIn(inside, address) && !isIn(outside, address));
}

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = ''] = cidr.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

function isPort({ port, endPort, protocol }: RulePort, { ports }: Endpoint): boolean {
  if (protocol !== null && protocol !== undefined && protocol !== '' && protocol !== 'TCP') return false;
  if (port === null || port === undefined) return true;
  if (typeof port === 'string') return ports.some(({ name }) => name === port);
  return ports.some(({ first, last }) => first <= (endPort ?? port) && port <= last);
}

function selects({ matchLabels, matchExpressions }: Selector, labels: Readonly<Record<string, string>>): boolean {
  const isEqual = Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return isEqual && (matchExpressions ?? []).every(({ key, operator, values }) => matches(labels[key], operator, values ?? []));
}

function matches(value: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      // The API takes no other.
      return false;
  }
}
