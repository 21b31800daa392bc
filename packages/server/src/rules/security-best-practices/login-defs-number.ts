/**
 * A number of login.defs as the tools of shadow read it (`strtol` with base 0): decimal, 0x5a or 0132. Undefined for what they refuse,
 * such as "90 days"; they then use their own default, which is no limit for the age of a password.
 */
export function loginDefsNumber(value: string): number | undefined {
  const [, sign, hexadecimal, octal, decimal] =
    /^([+-]?)(?:0x([0-9a-f]{1,12})|(0[0-7]{0,12})|([1-9][0-9]{0,12}))$/i.exec(value) ?? [];
  const size =
    hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : decimal !== undefined
          ? Number(decimal)
          : undefined;
  return size === undefined ? undefined : sign === '-' ? 0 - size : size;
}
