import PDFDocument from 'pdfkit';
import { createDrawing, type Drawing, fontLabels } from './drawing.ts';
import { createStructure, type Structure } from './structure.ts';
import { createTypesetting, type FontName, fonts, type Style, type Typesetting } from './typesetting.ts';

/** A4, in points. */
export const page = { width: 595.28, height: 841.89, left: 44, right: 551.28, top: 66, bottom: 786 } as const;

/** Something on a page that is drawn when the whole document is known. */
export interface Reserved {
  readonly fill: (draw: (drawing: Drawing) => void) => void;
}

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
  readonly link: (x: number, y: number, width: number, height: number, to: string) => void;
  /** An entry of the outline to this page. Level 0 is the top. */
  readonly outline: (title: string, level: 0 | 1 | 2) => void;
  readonly reserve: () => Reserved;
  /** Writes how many pages there are, which is not known until the end, from a base line to the right. */
  readonly placeTotal: (x: number, y: number, style: Style) => void;
  /** The last page is over, and all that was reserved is filled. */
  readonly end: () => void;
}

/** `onPage` draws what every page has; `write` is given the file's bytes in order. */
export function createPaper(
  info: { readonly title: string; readonly subject: string; readonly createdAt: number },
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
    // The only time in the file is the report's own: the same data gives the same bytes.
    info: {
      Title: info.title,
      Subject: info.subject,
      Creator: 'Assay',
      Producer: 'Assay',
      CreationDate: new Date(info.createdAt),
    },
  });
  document.on('data', write);
  const typesetting = createTypesetting((font, character) =>
    document.font(font).fontSize(1000).widthOfString(character),
  );
  const fontReferences = Object.fromEntries(
    (Object.keys(fonts) as FontName[]).map((name) => {
      const reference = document.ref({
        Type: 'Font',
        Subtype: 'Type1',
        BaseFont: fonts[name],
        Encoding: 'WinAnsiEncoding',
      });
      reference.end('');
      return [fontLabels[name], reference];
    }),
  );

  const structure = createStructure(document);
  const drawing = createDrawing(structure.begin);
  const marks = new Map<string, number>();
  let number = 0;
  let forms = 0;
  const levels = [document.outline];
  const flush = (): void => {
    if (number > 0) document.addContent(drawing.take());
  };

  const formReference = (box: readonly number[]) =>
    document.ref({ Type: 'XObject', Subtype: 'Form', BBox: box, Resources: { Font: fontReferences } });
  const totalForm = formReference([0, -10, 60, 10]);
  let totalStyle: Style | undefined;

  const paper: Paper = {
    typesetting,
    structure,
    drawing,
    page: () => number,
    newPage: () => {
      flush();
      document.addPage();
      structure.newPage();
      Object.assign(document.page.fonts, fontReferences);
      number += 1;
      onPage(paper);
    },
    mark: (name, y) => {
      marks.set(name, number);
      document.addNamedDestination(name, 'XYZ', 0, y, null);
    },
    pageOf: (name) => marks.get(name),
    link: (x, y, width, height, to) => {
      document.goTo(x, y, width, height, to);
    },
    outline: (title, level) => {
      const parent = levels[level] ?? document.outline;
      levels.length = level + 1;
      levels.push(parent.addItem(title, { expanded: false }));
    },
    reserve: () => {
      forms += 1;
      const label = `F${forms}`;
      const form = formReference([0, 0, page.width, page.height]);
      document.page.xobjects[label] = form;
      const contents = structure.open('TOC');
      document.addContent(`${structure.begin(contents)}\n/${label} Do\nEMC`);
      structure.close(contents);
      return {
        fill: (draw) => {
          const own = createDrawing();
          draw(own);
          form.write(own.take());
          form.end('');
        },
      };
    },
    placeTotal: (x, y, style) => {
      totalStyle = style;
      document.page.xobjects.Total = totalForm;
      document.addContent(`/Artifact BMC\nq 1 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)} cm /Total Do Q\nEMC`);
    },
    end: () => {
      flush();
      structure.end();
      const own = createDrawing();
      if (totalStyle) own.line({ text: String(number), style: totalStyle }, 0, 0);
      totalForm.write(own.take());
      totalForm.end('');
      document.end();
    },
  };
  return paper;
}
