import { zstdCompressSync } from 'node:zlib';
import { makeTar } from './archives.ts';

/** What a document says of one package: `stream` is a product's CPE, without `cpe:/o:redhat:`. */
export interface VexStatement {
  readonly stream: string;
  /** A source package; with a version, its builds. */
  readonly source: string;
  readonly version?: string;
  readonly epoch?: string;
  /** `nodejs:18`. */
  readonly module?: string;
  readonly status: 'fixed' | 'known_affected' | 'known_not_affected' | 'under_investigation';
  /** Of `fixed` an announcement; else what Red Hat means to do, or a flag of CSAF. */
  readonly remark?: string;
  readonly impact?: string;
}

const CATEGORIES: Readonly<Record<string, string>> = {
  'Will not fix': 'no_fix_planned',
  'Out of support scope': 'no_fix_planned',
  'Fix deferred': 'none_available',
  Affected: 'none_available',
};

/** A document in the shape of Red Hat's VEX files: branches, relationships, statuses, remediations, flags and threats. */
export function vexDocument(cve: string, statements: readonly VexStatement[], more: object = {}): object {
  const products = new Map<string, object>();
  const relationships: object[] = [];
  const status: Record<string, string[]> = {};
  const remediations: object[] = [];
  const flags: object[] = [];
  const threats: object[] = [];
  const product = (id: string, helper: object): void => {
    products.set(id, {
      category: 'product_version',
      name: id,
      product: { name: id, product_id: id, product_identification_helper: helper },
    });
  };
  const relate = (id: string, component: string, of: string): string => {
    relationships.push({
      category: 'default_component_of',
      full_product_name: { name: `${component} as a component of ${of}`, product_id: id },
      product_reference: component,
      relates_to_product_reference: of,
    });
    return id;
  };
  for (const { stream, source, version, epoch, module, status: list, remark, impact } of statements) {
    const platform = stream.replaceAll(/[:.]/g, '_');
    products.set(platform, {
      category: 'product_name',
      name: platform,
      product: {
        name: platform,
        product_id: platform,
        product_identification_helper: { cpe: `cpe:/o:redhat:${stream}` },
      },
    });
    const ids: string[] = [];
    if (version === undefined) {
      const component = module === undefined ? source : `${module}/${source}`;
      product(component, {
        purl: module === undefined ? `pkg:rpm/redhat/${source}?arch=src` : `pkg:rpmmod/redhat/${module}/${source}`,
      });
      ids.push(relate(`${platform}:${component}`, component, platform));
    } else {
      let of = platform;
      if (module !== undefined) {
        const build = `${module}:8080020231006:63b34585`;
        product(build, { purl: `pkg:rpmmod/redhat/${module.replace(':', '@')}:8080020231006:63b34585` });
        of = relate(`${platform}:${build}`, build, platform);
      }
      for (const architecture of ['x86_64', 'src']) {
        const component = `${source}-${epoch ?? '0'}:${version}.${architecture}`;
        const qualifiers = `arch=${architecture}${epoch === undefined ? '' : `&epoch=${epoch}`}`;
        product(component, { purl: `pkg:rpm/redhat/${source}@${encodeURIComponent(version)}?${qualifiers}` });
        ids.push(relate(`${of}:${component}`, component, of));
      }
    }
    status[list] = [...(status[list] ?? []), ...ids];
    if (list === 'fixed') {
      const url = `https://access.redhat.com/errata/${remark}`;
      remediations.push({ category: 'vendor_fix', details: 'Before applying this update …', product_ids: ids, url });
    } else if (list === 'known_not_affected' && remark !== undefined) {
      flags.push({ label: remark, product_ids: ids });
    } else if (remark !== undefined) {
      remediations.push({ category: CATEGORIES[remark] ?? 'none_available', details: remark, product_ids: ids });
    }
    if (impact !== undefined) threats.push({ category: 'impact', details: impact, product_ids: ids });
  }
  return {
    document: {
      aggregate_severity: { namespace: 'https://access.redhat.com/security/updates/classification/', text: 'moderate' },
      category: 'csaf_vex',
      csaf_version: '2.0',
      publisher: { category: 'vendor', name: 'Red Hat Product Security', namespace: 'https://www.redhat.com' },
      title: `a flaw, ${cve}`,
      tracking: { current_release_date: '2026-08-01T10:00:00+00:00', id: cve, status: 'final', version: '3' },
      ...more,
    },
    product_tree: {
      branches: [{ category: 'vendor', name: 'Red Hat', branches: [...products.values()] }],
      relationships,
    },
    vulnerabilities: [
      {
        cve,
        notes: [{ category: 'description', text: `A flaw was found, ${cve}.`, title: 'Vulnerability description' }],
        product_status: status,
        release_date: '2026-07-01T00:00:00+00:00',
        remediations,
        flags,
        threats,
        scores: [
          {
            cvss_v3: { baseScore: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', version: '3.1' },
            products: Object.values(status).flat(),
          },
        ],
        title: `a flaw, ${cve}`,
      },
    ],
  };
}

/** The path of a document in Red Hat's folder. */
export const vexPath = (cve: string): string => `${cve.slice(4, 8)}/${cve.toLowerCase()}.json`;

/** An archive of documents, as Red Hat publishes it. */
export const vexArchive = (documents: readonly object[]): Buffer =>
  zstdCompressSync(makeTar(documents.map((each) => ({ name: vexPath(cveIn(each)), content: JSON.stringify(each) }))));

const cveIn = (document: object): string =>
  (document as { document: { tracking: { id: string } } }).document.tracking.id;
