/** A data stream of a few rules, as ComplianceAsCode writes them; `rules` and `head` are more of it. */
export const smallStream = ({
  system = 'cpe:/o:debian:debian_linux:12',
  rules = '',
  head = '',
  released = '2024-09-26',
} = {}): string =>
  `<?xml version="1.0" encoding="utf-8"?>${head}
<ds:data-stream-collection xmlns:ds="http://scap.nist.gov/schema/scap/source/1.2" xmlns:xccdf-1.2="http://checklists.nist.gov/xccdf/1.2" xmlns:html="http://www.w3.org/1999/xhtml" xmlns:cpe-dict="http://cpe.mitre.org/dictionary/2.0">
<ds:component id="dictionary"><cpe-dict:cpe-list><cpe-dict:cpe-item name="${system}"/></cpe-dict:cpe-list></ds:component>
<ds:component id="xccdf"><xccdf-1.2:Benchmark id="xccdf_org.example_benchmark_EXAMPLE-12">
<xccdf-1.2:status date="2026-09-07">draft</xccdf-1.2:status><xccdf-1.2:title>Guide to Example 12</xccdf-1.2:title>
<xccdf-1.2:version>0.1.82</xccdf-1.2:version>
${profile('1', 'Server', ['umask', 'banner', 'walk', 'manual'], released)}
${profile('2', 'Server', ['umask', 'banner', 'walk', 'manual', 'partition'], released)}
<xccdf-1.2:Profile id="xccdf_org.example_profile_other"><xccdf-1.2:title>Another</xccdf-1.2:title></xccdf-1.2:Profile>
<xccdf-1.2:Group id="xccdf_org.example_group_one">
${rule('umask', 'medium', '5.4.3.3', '<html:pre>umask <xccdf-1.2:sub idref="xccdf_org.example_value_umask" use="legacy"/></html:pre>')}
${rule('banner', 'unknown', '1.7.2', 'A banner that is <html:code>short</html:code>\n  and  clear')}
${rule('file_permissions_ungroupowned', 'high', '7.1.12', 'Every file has a group', 'walk')}
${rule('partition', 'low', '1.1.2.1.1', 'A partition')}
<xccdf-1.2:Rule id="xccdf_org.example_rule_manual" severity="medium"><xccdf-1.2:title>Look</xccdf-1.2:title></xccdf-1.2:Rule>
${rules}</xccdf-1.2:Group></xccdf-1.2:Benchmark></ds:component></ds:data-stream-collection>`;

const idOf = (name: string): string =>
  `xccdf_org.example_rule_${name === 'walk' ? 'file_permissions_ungroupowned' : name}`;

const profile = (level: string, role: string, rules: readonly string[], released: string): string =>
  `<xccdf-1.2:Profile id="xccdf_org.example_profile_level${level}"><xccdf-1.2:title>CIS for Level ${level} - ${role}</xccdf-1.2:title>
<xccdf-1.2:description>Aligns to the "Level ${level} - ${role}" configuration from the Center for Internet Security®
Example 12 Benchmark™, v1.1.0, released ${released}.</xccdf-1.2:description>
${rules.map((name) => `<xccdf-1.2:select idref="${idOf(name)}" selected="true"/>`).join('')}</xccdf-1.2:Profile>`;

const rule = (name: string, severity: string, section: string, description: string, alias = name): string =>
  `<xccdf-1.2:Rule selected="false" id="${idOf(alias)}" severity="${severity}"><xccdf-1.2:title>Ensure ${name}</xccdf-1.2:title>
<xccdf-1.2:description>${description}</xccdf-1.2:description>
<xccdf-1.2:reference href="https://www.cisecurity.org/controls/">18</xccdf-1.2:reference>
<xccdf-1.2:reference href="https://www.cisecurity.org/benchmark/example/">${section}</xccdf-1.2:reference>
<xccdf-1.2:rationale>Because.</xccdf-1.2:rationale><xccdf-1.2:platform idref="#system_with_kernel"/>
<xccdf-1.2:fix system="urn:xccdf:fix:script:sh">umask='<xccdf-1.2:sub idref="xccdf_org.example_value_umask"/>'</xccdf-1.2:fix>
<xccdf-1.2:check system="http://oval.mitre.org/XMLSchema/oval-definitions-5"/></xccdf-1.2:Rule>`;
