/** A package that a finding is about; a version that is not known is absent. */
export interface NamedPackage {
  readonly name: string;
  readonly installedVersion?: string | undefined;
  readonly fixedVersion?: string | undefined;
}

/** An attribute lists as much as has room, then `and 12 more`. */
export const listedIn = (text: string | undefined): string[] =>
  (text ?? '').split(', ').filter((each) => each !== '' && !/^and \d+ more$/.test(each));

/**
 * The packages that a finding's attributes name. Attributes list names and versions each on their own: which of several
 * versions is which of several packages' is not known then.
 */
export function packagesNamed(
  attributes: readonly { readonly key: string; readonly value?: string | undefined }[],
): NamedPackage[] {
  const of = (name: string): string[] => listedIn(attributes.find(({ key }) => key === name)?.value);
  const [names, installed, fixed] = [of('package_name'), of('installed_version'), of('fixed_version')];
  const versions = (only: string | undefined): Omit<NamedPackage, 'name'> => ({
    ...(only === undefined ? {} : { installedVersion: only }),
    ...(fixed.length === 1 && fixed[0] !== undefined ? { fixedVersion: fixed[0] } : {}),
  });
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0 && installed.length > 1) {
    return installed.map((version) => ({ name, ...versions(version) }));
  }
  return names.map((each) => ({ name: each, ...versions(installed.length === 1 ? installed[0] : undefined) }));
}
