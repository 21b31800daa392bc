import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf } from '../hostile-value.ts';
import { type Component, componentOf, moduleOf } from './component.ts';

const MAX_BRANCHES = 500_000;
const MAX_RELATIONSHIPS = 1_000_000;
/** A package in a module in a product is two steps. */
const MAX_STEPS = 6;

/** What a product id stands for: a package in a stream of Red Hat Enterprise Linux. */
export interface PlacedComponent {
  readonly component: Component;
  /** `enterprise_linux:9`, `rhel_eus:9.2`: of the product's CPE, without the repository. */
  readonly stream: string;
}

export interface ProductTree {
  /**
   * Undefined for what is of no stream of Red Hat Enterprise Linux or is no rpm package. Throws {@link FeedFault} for an id
   * that the tree lacks, and for a package that cannot be read.
   */
  readonly place: (id: string) => PlacedComponent | undefined;
}

interface Product {
  readonly name: string;
  readonly cpe?: string;
  readonly purl?: string;
}

/** Reads `product_tree` (https://docs.oasis-open.org/csaf/csaf/v2.0/, 3.2.2). Throws {@link FeedFault}. */
export function readProductTree(value: unknown): ProductTree {
  const tree = objectOf(value, 'product_tree');
  const products = productsIn(tree);
  const relationships = new Map<string, { readonly of: string; readonly component: string }>();
  for (const each of listOf(member(tree, 'relationships'), 'relationships', MAX_RELATIONSHIPS)) {
    const relationship = objectOf(each, 'a relationship');
    const id = member(objectOf(member(relationship, 'full_product_name'), 'full_product_name'), 'product_id');
    const [component, of] = [
      member(relationship, 'product_reference'),
      member(relationship, 'relates_to_product_reference'),
    ];
    if (typeof id !== 'string' || typeof component !== 'string' || typeof of !== 'string') {
      throw new FeedFault('a relationship names no products');
    }
    relationships.set(id, { of, component });
  }
  /** Of a chain of relationships its last product, and the module on the way. */
  const productOf = (id: string): { readonly product: Product | undefined; readonly module: string | undefined } => {
    let [at, module]: [string, string | undefined] = [id, undefined];
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const next = relationships.get(at);
      if (!next) return { product: products.get(at), module };
      module ??= moduleOf(products.get(next.component)?.purl ?? '');
      at = next.of;
    }
    throw new FeedFault('its relationships go in circles');
  };
  return {
    place: (id) => {
      const relationship = relationships.get(id);
      if (!relationship) {
        if (products.has(id)) return undefined;
        throw new FeedFault(`it names the product ${id.slice(0, 100)}, which its tree lacks`);
      }
      const { product, module } = productOf(relationship.of);
      const stream = product && streamOf(product);
      if (stream === undefined) {
        if (product) return undefined;
        throw new FeedFault(`it names the product ${relationship.of.slice(0, 100)}, which its tree lacks`);
      }
      const named = products.get(relationship.component);
      const component = componentOf(named?.purl ?? purlOf(named?.name ?? relationship.component), module);
      if (component === null) throw new FeedFault(`${id.slice(0, 100)} is a package that cannot be read`);
      return component && { component, stream };
    },
  };
}

/** The first documents name packages without a fix by their names alone: `bind`, `nodejs:18/nodejs`. */
function purlOf(name: string): string {
  const [, module, own = name] = /^([^/]+:[^/]+)\/([^/]+)$/.exec(name) ?? [];
  const path = [module, own].flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)])).join('/');
  return module === undefined ? `pkg:rpm/redhat/${path}` : `pkg:rpmmod/redhat/${path}`;
}

function productsIn(tree: Readonly<Record<string, unknown>>): ReadonlyMap<string, Product> {
  const products = new Map<string, Product>();
  const put = (value: unknown): void => {
    const product = objectOf(value, 'a product');
    const [id, name] = [member(product, 'product_id'), member(product, 'name')];
    if (typeof id !== 'string') throw new FeedFault('a product has no id');
    const helper = objectOf(member(product, 'product_identification_helper') ?? {}, 'product_identification_helper');
    const [cpe, purl] = [member(helper, 'cpe'), member(helper, 'purl')];
    products.set(id, {
      name: typeof name === 'string' ? name : id,
      ...(typeof cpe === 'string' && { cpe }),
      ...(typeof purl === 'string' && { purl }),
    });
  };
  for (const each of listOf(member(tree, 'full_product_names'), 'full_product_names', MAX_BRANCHES)) put(each);
  const waiting = [...listOf(member(tree, 'branches'), 'branches', MAX_BRANCHES)];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    count += 1;
    if (count > MAX_BRANCHES) throw new FeedFault(`product_tree has more than ${MAX_BRANCHES} branches`);
    const branch = objectOf(next, 'a branch');
    const product = member(branch, 'product');
    if (product !== undefined) put(product);
    for (const each of listOf(member(branch, 'branches'), 'branches', MAX_BRANCHES)) waiting.push(each);
  }
  return products;
}

const STREAMS = /^(?:enterprise_linux|rhel_(?:eus|e4s|aus|tus|els)[a-z_]*)$/;

/** Of `cpe:/a:redhat:rhel_eus:9.2::appstream` `rhel_eus:9.2`: a source has one fix in all repositories of a stream. */
function streamOf({ cpe = '' }: Product): string | undefined {
  const [, product = '', version = ''] =
    /^cpe:(?:\/|2\.3:)[aoh]:redhat:([a-z0-9_]+):(\d{1,2}(?:\.\d{1,2})?)(?::|$)/.exec(cpe) ?? [];
  return STREAMS.test(product) ? `${product}:${version}` : undefined;
}
