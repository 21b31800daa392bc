/** A text to its first empty line: what follows in a recommendation is a script, which is for a file and no short list. */
export const firstParagraph = (text: string): string => text.split('\n\n', 1)[0] ?? '';
