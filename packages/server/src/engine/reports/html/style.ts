import { severityPalette } from '@assay/model/severity-palette.ts';

const severities = Object.entries(severityPalette);
const inks = severities.map(([name, { ink }]) => `--${name.toLowerCase()}:${ink};`).join('');
const inksOnDark = severities.map(([name, { inkOnDark }]) => `--${name.toLowerCase()}:${inkOnDark};`).join('');
const fills = severities.map(
  ([name, { fill, onFill }]) => `.${name}{--tone:var(--${name.toLowerCase()});--fill:${fill};--on:${onFill}}`,
);

/** The whole style of a report: light, dark and on paper. Nothing is fetched. */
export const style = `
:root{color-scheme:light dark;--paper:#fff;--panel:#f6f7f9;--ink:#1a2230;--soft:#5a6575;--line:#d9dee6;--accent:#1f5fbf;
${inks}--passed:#17653a}
@media (prefers-color-scheme:dark){:root{--paper:#12161d;--panel:#1a202a;--ink:#e6eaf1;--soft:#9aa6b8;--line:#303947;
--accent:#7db0ff;${inksOnDark}--passed:#7fd6a0}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.5rem}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0}
h2{font-size:1.4rem;margin:3rem 0 1rem;padding-bottom:.35rem;border-bottom:2px solid var(--line)}
h3{font-size:1.1rem;margin:2rem 0 .6rem}
h4,.item>header h3{font-size:1rem;margin:0;flex:0 1 auto;min-width:0;overflow-wrap:anywhere}
p{margin:.5rem 0;max-width:60rem}
a{color:var(--accent)}
code,.mono{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.kind{color:var(--soft);text-transform:uppercase;letter-spacing:.08em;font-size:.8rem;font-weight:600}
.lead{font-size:1.1rem}
.soft{color:var(--soft)}
.lines{white-space:pre-line;overflow-wrap:anywhere}
nav{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:1rem 1.5rem;margin:1.5rem 0}
nav h2{margin:0 0 .5rem;border:0;padding:0;font-size:1.05rem}
nav ol{margin:0;padding-left:1.3rem}
nav ol ol{list-style:none;padding-left:0;margin:.2rem 0 .6rem}
nav ol ol li{display:flex;gap:.6rem;align-items:baseline;padding:.08rem 0}
nav ol ol a{overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.75rem;margin:1.25rem 0}
.card{border:1px solid var(--line);border-top:4px solid var(--fill);border-radius:8px;padding:.6rem .9rem;background:var(--panel)}
.card b{display:block;font-size:1.8rem;line-height:1.2;color:var(--tone);font-variant-numeric:tabular-nums}
${fills.join('')}
.PASSED,.FINDING,.NOT_ASSESSED,.NOT_APPLICABLE{--fill:initial;--on:initial}
.PASSED{--tone:var(--passed)}.FINDING{--tone:var(--high)}.NOT_ASSESSED{--tone:var(--medium)}.NOT_APPLICABLE{--tone:var(--undefined)}
.badge{display:inline-block;flex:none;background:var(--fill,transparent);color:var(--on,var(--tone));border:1px solid var(--fill,var(--tone));border-radius:999px;padding:0 .6em;font-size:.78rem;font-weight:600;white-space:nowrap}
figure{margin:1.5rem 0}
figcaption{font-weight:600;margin-bottom:.4rem}
svg{display:block;width:100%;max-width:56rem;height:auto}
svg text{fill:var(--ink);font-size:13px;font-family:inherit}
svg rect{fill:var(--fill,var(--tone))}
svg .track{fill:var(--line);opacity:.45}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.6rem 0 0;padding:0;list-style:none;font-size:.85rem}
.legend li::before{content:"";display:inline-block;width:.75em;height:.75em;border-radius:2px;background:var(--fill,var(--tone));margin-right:.4em}
table{border-collapse:collapse;width:100%;margin:.75rem 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem;border-bottom:1px solid var(--line)}
thead th{background:var(--panel);font-size:.8rem;color:var(--soft);border-bottom:2px solid var(--line)}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.facts th{width:min(15rem,36%);color:var(--soft);font-weight:600}
.facts td{white-space:pre-line;overflow-wrap:anywhere}
.host{width:15rem}
.rule{width:9rem}.where{width:36%}
.occurrence+.occurrence{margin-top:.8rem}
.attributes{font-size:.85em;margin-top:.3rem}
td>p{margin:0 0 .5rem}
.id{width:8rem}
td:nth-child(2)>code{white-space:nowrap}
td{overflow-wrap:anywhere}
.evidence{margin:0;padding:0;list-style:none}
.evidence li+li{margin-top:.35rem}
.evidence code{color:var(--soft)}
.item{border:1px solid var(--line);border-left:5px solid var(--fill,var(--line));border-radius:8px;padding:.9rem 1.2rem;margin:1.1rem 0}
.item>header{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:baseline;padding:0;margin:0;max-width:none}
.item>header .soft{margin-left:auto;font-size:.85rem;white-space:nowrap}
.label{font-weight:600}
footer{color:var(--soft);font-size:.85rem;margin-top:4rem;padding-bottom:2rem}
@page{size:A4;margin:18mm 15mm 20mm;@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt sans-serif;color:#5a6575}}
@media print{
:root{color-scheme:light;--paper:#fff;--panel:#f6f7f9;--ink:#1a2230;--soft:#5a6575;--line:#cfd5de;--accent:#1a2230;
${inks}--passed:#17653a}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:9.5pt}
table{font-size:8.5pt}
.item>header{flex-wrap:nowrap}
main,header,footer{max-width:none;padding-left:0;padding-right:0}
header{padding-top:0}
a{text-decoration:none}
thead{display:table-header-group}
tr,figure,.card{break-inside:avoid}
h2,h3,h4,.item>header{break-after:avoid}
.item{border-width:0 0 0 3pt;border-radius:0;padding:0 0 0 8pt}
.host{width:29%}.id{width:15%}
}
`;
