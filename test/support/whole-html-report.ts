/** An HTML report from its end: nothing of it is missing, and it is signed. */
export const wholeHtmlReport = /<\/html>\n<!-- assay-report-signature 1 [\w-]+ [\w-]{86} -->\n$/;
