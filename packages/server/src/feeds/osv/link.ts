import { listOf, member, objectOf } from '../hostile-value.ts';
import { cveOf } from './cve-ids.ts';

const MAX_REFERENCES = 20_000;

/** Where publishers show a record, by the beginning of its id. */
const PAGES: readonly (readonly [RegExp, (id: string, cve: string) => string])[] = [
  [/^DEBIAN-CVE-/, (_, cve) => `https://security-tracker.debian.org/tracker/${cve}`],
  [/^(DSA|DLA|DTSA)-/, (id) => `https://security-tracker.debian.org/tracker/${id}`],
  [/^UBUNTU-CVE-/, (_, cve) => `https://ubuntu.com/security/${cve}`],
  [/^(USN|LSN)-/, (id) => `https://ubuntu.com/security/notices/${id}`],
  [/^ALPINE-CVE-/, (_, cve) => `https://security.alpinelinux.org/vuln/${cve}`],
  [/^BELL-CVE-/, (_, cve) => `https://docs.bell-sw.com/security/cves/${cve}`],
  [/^REDHAT-CVE-/, (_, cve) => `https://access.redhat.com/security/cve/${cve}`],
  [/^RH[SBE]A-/, (id) => `https://access.redhat.com/errata/${id}`],
  [/^R[LX][SBE]A-/, (id) => `https://errata.rockylinux.org/${id}`],
  [/^CVE-/, (_, cve) => `https://www.cve.org/CVERecord?id=${cve}`],
];

/**
 * Where a person reads the record: for an announcement the reference that has its id (AlmaLinux names Red Hat's first),
 * then its publisher's page for it, then the first reference to an advisory.
 */
export function linkOf(id: string, references: unknown): string | undefined {
  const advisories = listOf(references, 'references', MAX_REFERENCES).flatMap((each): string[] => {
    const reference = objectOf(each, 'a reference');
    const url = member(reference, 'url');
    return member(reference, 'type') === 'ADVISORY' && isWebAddress(url) ? [url] : [];
  });
  const cve = cveOf(id);
  const own =
    cve === undefined ? advisories.find((url) => url.includes(id) || url.includes(id.replace(':', '-'))) : undefined;
  const page = /^[A-Za-z0-9:.-]+$/.test(id) ? PAGES.find(([beginning]) => beginning.test(id))?.[1] : undefined;
  return own ?? page?.(id, cve ?? id) ?? advisories[0];
}

const isWebAddress = (url: unknown): url is string =>
  typeof url === 'string' && url.length <= 500 && /^https?:\/\/[^\s"'<>\\]+$/.test(url) && URL.canParse(url);
