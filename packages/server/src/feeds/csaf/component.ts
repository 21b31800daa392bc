/** An rpm package as a product tree names it. */
export interface Component {
  readonly name: string;
  /** `[epoch:]version-release`; absent where every version is meant. */
  readonly version?: string;
  /** `src` of a source package. Absent where it is not said: a component that has no build yet is named by its source. */
  readonly architecture?: string;
  /** `nodejs:18` of what is part of a module. */
  readonly module?: string;
}

const NAME = /^[A-Za-z0-9_][\w.+-]{0,200}$/;
const STREAM = /^([A-Za-z0-9][\w.+-]*:[\w.+-]+)(?:[:/]|$)/;

/**
 * The package that a package URL is of (https://github.com/package-url/purl-spec, and Red Hat's `rpmmod`): undefined for
 * images, archives of languages and modules as wholes. `module`: what the tree says that it is part of. Null for what is
 * to be an rpm package and cannot be read.
 */
export function componentOf(purl: string, module: string | undefined): Component | undefined | null {
  const [, type = '', path = '', version, query = ''] =
    /^pkg:([a-z]+)\/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/.exec(purl) ?? [];
  if (type !== 'rpm' && type !== 'rpmmod') return type === '' ? null : undefined;
  const [vendor, ...rest] = path.split('/').map(decoded);
  if (vendor !== 'redhat') return undefined;
  const qualifiers = new URLSearchParams(query);
  // `pkg:rpmmod/redhat/nodejs:18/nodejs` is a package of a module; `pkg:rpmmod/redhat/nodejs@18:…` is the module.
  if (type === 'rpmmod' && rest.length < 2) return undefined;
  const name = rest.at(-1) ?? '';
  const named = type === 'rpmmod' ? rest[0] : (qualifiers.get('rpmmod') ?? module);
  const stream = named === undefined ? undefined : STREAM.exec(named)?.[1];
  if (!NAME.test(name) || (named !== undefined && stream === undefined)) return null;
  const [evr, architecture] = [version === undefined ? undefined : decoded(version), qualifiers.get('arch')];
  const epoch = qualifiers.get('epoch') ?? '0';
  if (evr === '' || (evr !== undefined && !/^[\w.+~^-]{1,200}$/.test(evr)) || !/^\d{1,9}$/.test(epoch)) return null;
  return {
    name,
    ...(evr !== undefined && { version: Number(epoch) === 0 ? evr : `${Number(epoch)}:${evr}` }),
    ...(architecture !== null && { architecture }),
    ...(stream !== undefined && { module: stream }),
  };
}

/** `nodejs:18` of `pkg:rpmmod/redhat/nodejs@18:8080020231006:63b34585` and of `pkg:rpmmod/redhat/nodejs:18`. */
export function moduleOf(purl: string): string | undefined {
  const [, path = '', version] = /^pkg:rpmmod\/redhat\/([^@?#]+)(?:@([^?#]*))?/.exec(purl) ?? [];
  const named = version === undefined ? decoded(path) : `${decoded(path)}:${decoded(version)}`;
  return STREAM.exec(named)?.[1];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
