/** What a part of the document is, for readers that cannot see how it looks. */
export type Tag = 'Document' | 'H1' | 'H2' | 'H3' | 'H4' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'TOC';

/** An element of the structure tree. */
export interface Element {
  readonly tag: Tag;
  readonly reference: PDFKit.PDFKitReference;
  readonly kids: unknown[];
  /** The page that it has content on, as long as that is one. */
  page: PDFKit.PDFKitReference | undefined;
}

/** The structure tree of a tagged PDF: ISO 32000-1, 14.7 and 14.8. An element is written when it is closed. */
export interface Structure {
  /** `scope`: of a header cell, what it is the head of. Below the document where no parent is given. */
  readonly open: (tag: Tag, options?: { readonly parent?: Element; readonly scope?: 'Row' | 'Column' }) => Element;
  readonly close: (element: Element) => void;
  /** The operator that begins content of an element on the page of now. */
  readonly begin: (element: Element) => string;
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
  const tree: unknown[] = [];
  let pages = 0;
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
    if (pages === 0) return;
    const list = document.ref(marked);
    list.end('');
    tree.push(pages - 1, list);
    marked = [];
  };
  return {
    open: (tag, { parent = whole, scope } = {}) => {
      const element = make(tag, parent.reference, scope === undefined ? {} : { A: { O: 'Table', Scope: scope } });
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
    newPage: () => {
      endPage();
      Object.assign(document.page.dictionary.data, { StructParents: pages, Tabs: 'S' });
      pages += 1;
    },
    end: () => {
      endPage();
      close(whole);
      // pdfkit writes both with the catalog.
      Object.assign(root.data, { K: [whole.reference], ParentTree: { Nums: tree }, ParentTreeNextKey: pages });
    },
  };
}
