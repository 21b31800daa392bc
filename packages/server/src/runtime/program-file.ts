/**
 * The file that this module runs from: of a packed program a part of it, so that another build is another file; in a
 * clone that is not packed this source.
 */
export const programFile = import.meta.filename;
