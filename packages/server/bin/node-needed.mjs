/** The oldest Node that runs Assay: it strips the types of sources, and has node:sqlite with what the store uses. */
export const nodeNeeded = '24.15.0';

/** True where a version such as 26.10.0 is at least {@link nodeNeeded}. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = nodeNeeded.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
