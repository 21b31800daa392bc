/** What a document says of itself. */
export interface DocumentInfo {
  readonly title: string;
  readonly subject: string;
  readonly createdAt: number;
}

/** What made a document, in both of the places where it says so. */
export const MAKER = 'Assay';

/** The metadata of a PDF that holds to PDF/UA-1 (ISO 14289-1), as XMP: the same that its information dictionary says. */
export function xmpPacket({ title, subject, createdAt }: DocumentInfo): string {
  const time = `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""
        xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
        xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/">
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(title)}</rdf:li></rdf:Alt></dc:title>
      <dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(subject)}</rdf:li></rdf:Alt></dc:description>
      <dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
      <dc:format>application/pdf</dc:format>
      <pdf:Producer>${MAKER}</pdf:Producer>
      <xmp:CreatorTool>${MAKER}</xmp:CreatorTool>
      <xmp:CreateDate>${time}</xmp:CreateDate>
      <pdfuaid:part>1</pdfuaid:part>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escapeXml = (text: string): string => text.replace(/[&<>]/g, (character) => entities[character] ?? '');
