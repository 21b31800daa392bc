/** What a part of the document is, for readers that cannot see how it looks. */
export type Tag =
  | 'Document'
  | 'H1'
  | 'H2'
  | 'H3'
  | 'H4'
  | 'P'
  | 'Table'
  | 'TR'
  | 'TH'
  | 'TD'
  | 'TOC'
  | 'TOCI'
  | 'Reference'
  | 'Link'
  | 'Figure';

/** An element of the structure tree. */
export interface Element {
  readonly tag: Tag;
  readonly reference: PDFKit.PDFKitReference;
  readonly kids: unknown[];
  /** The page that it has content on, as long as that is one. */
  page: PDFKit.PDFKitReference | undefined;
}

export interface ElementOptions {
  /** The document where it is absent. */
  readonly parent?: Element;
  /** Of a header cell, what it is the head of. */
  readonly scope?: 'Row' | 'Column';
  /** What a figure shows, in words. */
  readonly alternative?: string;
  /** Where a figure is: left, bottom, right and top, in points from the page's lower left corner. */
  readonly box?: readonly [number, number, number, number];
}

/** The structure tree of a tagged PDF: ISO 32000-1, 14.7 and 14.8. An element is written when it is closed. */
export interface Structure {
  readonly open: (tag: Tag, options?: ElementOptions) => Element;
  readonly close: (element: Element) => void;
  /** The operator that begins content of an element on the page of now. */
  readonly begin: (element: Element) => string;
  /** Makes an annotation of this page a part of the element. It is made with the number that it gets, StructParent. */
  readonly annotate: (element: Element, make: (number: number) => PDFKit.PDFKitReference) => void;
  readonly newPage: () => void;
  readonly end: () => void;
}

/** Nothing of pdfkit's own marking: it keeps every element, and every page's, until the end. */
export function createStructure(document: PDFKit.PDFDocument): Structure {
  const root = document.ref({ Type: 'StructTreeRoot' });
  const info = document.ref({ Marked: true });
  const catalog = (document as unknown as { readonly _root: { readonly data: Record<string, unknown> } })._root.data;
  catalog.StructTreeRoot = root;
  catalog.MarkInfo = info;
  /** By number: a page's elements in the order of their marks, or an annotation's element. */
  const tree: PDFKit.PDFKitReference[] = [];
  let numbers = 0;
  let page = -1;
  let marked: PDFKit.PDFKitReference[] = [];

  const make = (tag: Tag, parent: PDFKit.PDFKitReference, more: object = {}): Element => {
    const kids: unknown[] = [];
    return { tag, kids, page: undefined, reference: document.ref({ S: tag, P: parent, K: kids, ...more }) };
  };
  const close = ({ reference }: Element): void => {
    reference.end('');
    // What is written is kept as a number only.
    Object.assign(reference, { data: {} });
  };
  const whole = make('Document', root);
  const endPage = (): void => {
    if (page < 0) return;
    const list = document.ref(marked);
    list.end('');
    tree[page] = list;
    marked = [];
  };
  return {
    open: (tag, { parent = whole, scope, alternative, box } = {}) => {
      const element = make(tag, parent.reference, {
        ...(scope !== undefined && { A: { O: 'Table', Scope: scope } }),
        ...(box && { A: { O: 'Layout', Placement: 'Block', BBox: box } }),
        ...(alternative !== undefined && { Alt: new String(alternative) }),
      });
      parent.kids.push(element.reference);
      return element;
    },
    close,
    begin: (element) => {
      const id = marked.length;
      marked.push(element.reference);
      const { dictionary } = document.page;
      if (element.kids.length === 0) {
        element.page = dictionary;
        Object.assign(element.reference.data, { Pg: dictionary });
      }
      element.kids.push(element.page === dictionary ? id : { Type: 'MCR', Pg: dictionary, MCID: id });
      return `/${element.tag} <</MCID ${id}>> BDC`;
    },
    annotate: (element, annotate) => {
      const number = numbers++;
      tree[number] = element.reference;
      element.kids.push({ Type: 'OBJR', Pg: document.page.dictionary, Obj: annotate(number) });
    },
    newPage: () => {
      endPage();
      page = numbers++;
      Object.assign(document.page.dictionary.data, { StructParents: page, Tabs: 'S' });
    },
    end: () => {
      endPage();
      close(whole);
      // pdfkit writes both with the catalog.
      Object.assign(root.data, {
        K: [whole.reference],
        ParentTree: { Nums: tree.flatMap((entry, number) => [number, entry]) },
        ParentTreeNextKey: numbers,
      });
    },
  };
}
