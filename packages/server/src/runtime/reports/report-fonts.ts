import { readFileSync } from 'node:fs';
import woff2 from 'wawoff2/build/decompress_binding.js';
import type { FontFile, FontFiles } from '../../engine/reports/pdf/font-files.ts';

/** Each a directory of a package: see docs/dependencies.md. */
const regular = new URL('../../../../../node_modules/@expo-google-fonts/arimo/400Regular', import.meta.url);
const bold = new URL('../../../../../node_modules/@expo-google-fonts/arimo/700Bold', import.meta.url);
const mono = new URL('../../../../../node_modules/@expo-google-fonts/cousine/400Regular', import.meta.url);
const arabic = new URL('../../../../../node_modules/@embedpdf/fonts-arabic/fonts', import.meta.url);
const chinese = new URL('../../../../../node_modules/@fontsource-variable/noto-sans-sc', import.meta.url);
const japanese = new URL('../../../../../node_modules/@fontsource-variable/noto-sans-jp', import.meta.url);
const korean = new URL('../../../../../node_modules/@fontsource-variable/noto-sans-kr', import.meta.url);

const unpacking = new Promise<void>((resolve) => {
  woff2.onRuntimeInitialized = resolve;
});

/**
 * The fonts that reports are set in: Latin, Greek, Cyrillic and Hebrew, then Arabic, then Chinese, Japanese and Korean, whose
 * fonts come in a hundred slices each, of which those are opened that have a character of the report.
 */
export async function reportFonts(): Promise<FontFiles> {
  await unpacking;
  const [light, heavy] = [400, 700].map((weight) => [
    ...slices(chinese, 'noto-sans-sc', weight),
    ...slices(japanese, 'noto-sans-jp', weight),
    ...slices(korean, 'noto-sans-kr', weight),
  ]);
  const naskh = file(arabic, 'NotoNaskhArabic-Regular.ttf');
  const others = [naskh, ...(light ?? [])];
  return {
    regular: [file(regular, 'Arimo_400Regular.ttf'), ...others],
    bold: [file(bold, 'Arimo_700Bold.ttf'), file(arabic, 'NotoNaskhArabic-Bold.ttf'), ...(heavy ?? [])],
    mono: [file(mono, 'Cousine_400Regular.ttf'), file(regular, 'Arimo_400Regular.ttf'), ...others],
  };
}

const file = (directory: URL, name: string): FontFile => ({
  name,
  read: () => readFileSync(new URL(`${directory.href}/${name}`)),
});

/** `unicode.json` of a package of slices: `{"[4]": "U+1f1e9-1f1f5,U+21", "latin": …}`. */
function slices(directory: URL, font: string, weight: number): FontFile[] {
  const ranges = JSON.parse(readFileSync(new URL(`${directory.href}/unicode.json`), 'utf8')) as Record<string, string>;
  return Object.entries(ranges).map(([slice, text]) => {
    const name = `${font}-${slice.replace(/[[\]]/g, '')}`;
    const spans = text.split(',').map((span) => {
      const [from = '', to = from] = span.trim().slice(2).split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    });
    return {
      name: `${name}-${weight}`,
      weight,
      covers: (codePoint) => spans.some(([from, to]) => codePoint >= from && codePoint <= to),
      read: () => {
        const packed = readFileSync(new URL(`${directory.href}/files/${name}-wght-normal.woff2`));
        const unpacked = woff2.decompress(packed);
        if (unpacked === false) throw new Error(`${name} is no WOFF2 font`);
        return Buffer.from(unpacked);
      },
    };
  });
}
