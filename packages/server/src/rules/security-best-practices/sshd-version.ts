/** OpenSSH's version as [major, minor], from `9.2p1`, `OpenSSH_9.2p1 Debian-2` or a package's `1:9.2p1-2+deb12u3`. */
export function sshdVersion(text: string | undefined): readonly [major: number, minor: number] | undefined {
  const parts = /^(?:\d{1,3}:|OpenSSH_)?(\d{1,3})\.(\d{1,3})/i.exec(text?.trim() ?? '');
  return parts ? [Number(parts[1]), Number(parts[2])] : undefined;
}

export const isBefore = (version: readonly [number, number], major: number, minor: number): boolean =>
  version[0] < major || (version[0] === major && version[1] < minor);
