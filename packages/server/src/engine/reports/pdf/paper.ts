import PDFDocument from 'pdfkit';
import { createDrawing, type Drawing } from './drawing.ts';
import type { FontFiles } from './font-files.ts';
import { createFonts } from './fonts.ts';
import { type DocumentInfo, MAKER, xmpPacket } from './metadata.ts';
import { createStructure, type Element, type Structure } from './structure.ts';
import { createTypesetting, type Line, type Typesetting } from './typesetting.ts';

/** A4, in points. */
export const page = { width: 595.28, height: 841.89, left: 44, right: 551.28, top: 66, bottom: 786 } as const;

/** A document that grows page by page; a page that is over is written at once. */
export interface Paper {
  readonly typesetting: Typesetting;
  readonly structure: Structure;
  /** On the page of now. */
  readonly drawing: Drawing;
  /** Its number, from 1. */
  readonly page: () => number;
  readonly newPage: () => void;
  /** Names a place on this page for {@link Paper.link} and {@link Paper.pageOf}. */
  readonly mark: (name: string, y: number) => void;
  /** Undefined until the place is marked. */
  readonly pageOf: (name: string) => number | undefined;
  /** A link to a named place; `title` says to whom the link is read where it goes. */
  readonly link: (box: LinkBox, to: string, element: Element, title: string) => void;
  /** An entry of the outline to this page. Level 0 is the top. */
  readonly outline: (title: string, level: 0 | 1 | 2) => void;
  /** Keeps room for a line that is known when the whole document is; gives the call that draws it, `from` so far from `x`. */
  readonly later: (x: number, y: number) => (line: Line, from: number) => void;
  /** Writes how many pages there are, which is not known until the end, from a base line to the right. */
  readonly placeTotal: (x: number, y: number, style: Line['style']) => void;
  /** The last page is over, and all that was kept room for is drawn. */
  readonly end: () => void;
}

interface LinkBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `onPage` draws what every page has; `write` is given the file's bytes in order. */
export function createPaper(
  info: DocumentInfo,
  files: FontFiles,
  onPage: (paper: Paper) => void,
  write: (chunk: Uint8Array) => void,
): Paper {
  const document = new PDFDocument({
    autoFirstPage: false,
    size: [page.width, page.height],
    margin: 0,
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    // None: what is drawn is set in our own.
    font: '',
    // The only time in the file is the report's own: the same data gives the same bytes.
    info: {
      Title: info.title,
      Subject: info.subject,
      Creator: MAKER,
      Producer: MAKER,
      CreationDate: new Date(info.createdAt),
    },
  });
  document.on('data', write);
  // pdfkit's own metadata takes titles for XML, and knows no PDF/UA of documents that mark their content themselves.
  Object.assign(document, { endMetadata: () => writeMetadata(document, info) });
  const fonts = createFonts(document, files);
  const typesetting = createTypesetting(fonts);

  const structure = createStructure(document);
  const drawing = createDrawing(structure.begin);
  const marks = new Map<string, number>();
  let number = 0;
  let forms = 0;
  const levels = [document.outline];
  const flush = (): void => {
    if (number === 0) return;
    document.addContent(drawing.take());
    Object.assign(document.page.fonts, fonts.references());
  };
  const formReference = () =>
    document.ref({ Type: 'XObject', Subtype: 'Form', BBox: [-60, -10, 60, 10], Resources: {} });
  const fillForm = (form: PDFKit.PDFKitReference, line: Line, x: number): void => {
    const own = createDrawing();
    own.line(line, x, 0);
    Object.assign(form.data, { Resources: { Font: fonts.references() } });
    form.write(own.take());
    form.end('');
  };
  const totalForm = formReference();
  let totalStyle: Line['style'] | undefined;

  const paper: Paper = {
    typesetting,
    structure,
    drawing,
    page: () => number,
    newPage: () => {
      flush();
      document.addPage();
      structure.newPage();
      number += 1;
      onPage(paper);
    },
    mark: (name, y) => {
      marks.set(name, number);
      document.addNamedDestination(name, 'XYZ', 0, y, null);
    },
    pageOf: (name) => marks.get(name),
    link: ({ x, y, width, height }, to, element, title) => {
      structure.annotate(element, (structParent) => {
        const more = { Contents: new String(title), StructParent: structParent };
        document.goTo(x, y, width, height, to, more as object as PDFKit.Mixins.AnnotationOption);
        const annotation = document.page.annotations.at(-1);
        if (!annotation) throw new Error('A link is an annotation of its page');
        return annotation as unknown as PDFKit.PDFKitReference;
      });
    },
    outline: (title, level) => {
      const parent = levels[level] ?? document.outline;
      levels.length = level + 1;
      levels.push(parent.addItem(title, { expanded: false }));
    },
    later: (x, y) => {
      forms += 1;
      const form = formReference();
      document.page.xobjects[`N${forms}`] = form;
      drawing.form(`N${forms}`, x, y);
      return (line, from) => fillForm(form, line, from);
    },
    placeTotal: (x, y, style) => {
      totalStyle = style;
      document.page.xobjects.Total = totalForm;
      drawing.form('Total', x, y);
    },
    end: () => {
      flush();
      structure.end();
      if (totalStyle) fillForm(totalForm, typesetting.fit(String(number), totalStyle), 0);
      fonts.end();
      document.end();
    },
  };
  return paper;
}

/** As pdfkit's own `endMetadata`, which it calls when all else is written: as plain text, so that programs find it. */
function writeMetadata(document: PDFKit.PDFDocument, info: DocumentInfo): void {
  const reference = document.ref({ Type: 'Metadata', Subtype: 'XML' });
  Object.assign(reference, { compress: false });
  reference.write(Buffer.from(xmpPacket(info)));
  reference.end('');
  const { data } = (document as unknown as { readonly _root: { readonly data: Record<string, unknown> } })._root;
  data.Metadata = reference;
}
