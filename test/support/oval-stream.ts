/** Rules of {@link ovalStream}, by their names. */
export const ovalRule = (name: string): string => `xccdf_org.example_rule_${name}`;
export const ovalProfile = 'xccdf_org.example_profile_level1';

/**
 * A whole data stream that oscap evaluates: two settings in `etc/login.defs` below a directory, one that walks through the
 * directory, and one for a person. It is for the release of Debian whose number `etc/os-release` there has.
 */
export const ovalStream = (root: string, release = '12'): string => `<?xml version="1.0" encoding="utf-8"?>
<ds:data-stream-collection xmlns:ds="http://scap.nist.gov/schema/scap/source/1.2" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:cat="urn:oasis:names:tc:entity:xmlns:xml:catalog" id="scap_org.example_collection_x" schematron-version="1.3">
<ds:data-stream id="scap_org.example_datastream_x" scap-version="1.3" use-case="OTHER">
<ds:dictionaries><ds:component-ref id="scap_org.example_cref_cpe.xml" xlink:href="#scap_org.example_comp_cpe.xml"><cat:catalog><cat:uri name="cpe-oval.xml" uri="#scap_org.example_cref_oval.xml"/></cat:catalog></ds:component-ref></ds:dictionaries>
<ds:checklists><ds:component-ref id="scap_org.example_cref_xccdf.xml" xlink:href="#scap_org.example_comp_xccdf.xml"><cat:catalog><cat:uri name="oval.xml" uri="#scap_org.example_cref_oval.xml"/></cat:catalog></ds:component-ref></ds:checklists>
<ds:checks><ds:component-ref id="scap_org.example_cref_oval.xml" xlink:href="#scap_org.example_comp_oval.xml"/></ds:checks>
</ds:data-stream>
<ds:component id="scap_org.example_comp_cpe.xml" timestamp="2026-09-07T00:00:00"><cpe-list xmlns="http://cpe.mitre.org/dictionary/2.0">
<cpe-item name="cpe:/o:debian:debian_linux:${release}"><title>Debian ${release}</title><check system="http://oval.mitre.org/XMLSchema/oval-definitions-5" href="cpe-oval.xml">oval:org.example:def:9</check></cpe-item></cpe-list></ds:component>
<ds:component id="scap_org.example_comp_xccdf.xml" timestamp="2026-09-07T00:00:00">
<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2" id="xccdf_org.example_benchmark_LIVE-${release}">
<status date="2026-09-07">draft</status><title>Guide to Live ${release}</title><platform idref="cpe:/o:debian:debian_linux:${release}"/><version>0.1.82</version>
<Profile id="${ovalProfile}"><title>CIS for Level 1 - Server</title>
<description>Aligns to the "Level 1 - Server" configuration from the Center for Internet Security® Live ${release} Benchmark™, v1.1.0, released 2026-02-01.</description>
${['umask', 'banner', 'file_permissions_ungroupowned', 'manual'].map((name) => `<select idref="${ovalRule(name)}" selected="true"/>`).join('\n')}</Profile>
<Value id="xccdf_org.example_value_umask" type="string"><value>027</value></Value>
${rule('umask', '5.4.3.3', 'The umask is <sub idref="xccdf_org.example_value_umask" use="legacy"/>', '1')}
${rule('banner', '1.7.2', 'There is a banner', '2')}
${rule('file_permissions_ungroupowned', '7.1.12', 'No file is called stray', '3')}
<Rule id="${ovalRule('manual')}" selected="false" severity="low"><title>Look</title><reference href="https://www.cisecurity.org/benchmark/live/">1.1.1</reference></Rule>
</Benchmark></ds:component>
<ds:component id="scap_org.example_comp_oval.xml" timestamp="2026-09-07T00:00:00">
<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5" xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5" xmlns:ind="http://oval.mitre.org/XMLSchema/oval-definitions-5#independent" xmlns:unix="http://oval.mitre.org/XMLSchema/oval-definitions-5#unix">
<generator><oval:schema_version>5.11</oval:schema_version><oval:timestamp>2026-09-07T00:00:00</oval:timestamp></generator>
<definitions>${definition('1', 'compliance')}${definition('2', 'compliance')}${definition('3', 'compliance')}${definition('9', 'inventory')}</definitions>
<tests>
<ind:textfilecontent54_test id="oval:org.example:tst:1" version="1" check="all" check_existence="all_exist" comment="the value of UMASK in login.defs"><ind:object object_ref="oval:org.example:obj:1"/><ind:state state_ref="oval:org.example:ste:1"/></ind:textfilecontent54_test>
<ind:textfilecontent54_test id="oval:org.example:tst:2" version="1" check="all" check_existence="at_least_one_exists" comment="a line of login.defs names the banner"><ind:object object_ref="oval:org.example:obj:2"/></ind:textfilecontent54_test>
<unix:file_test id="oval:org.example:tst:3" version="1" check="all" check_existence="none_exist" comment="files that are called stray"><unix:object object_ref="oval:org.example:obj:3"/></unix:file_test>
<ind:textfilecontent54_test id="oval:org.example:tst:9" version="1" check="all" check_existence="at_least_one_exists" comment="the release"><ind:object object_ref="oval:org.example:obj:9"/></ind:textfilecontent54_test>
</tests>
<objects>
${line('1', `${root}/etc/login.defs`, '^UMASK\\s+(\\d+)$')}
${line('2', `${root}/etc/login.defs`, '^BANNER\\s+\\S+$')}
<unix:file_object id="oval:org.example:obj:3" version="1"><unix:behaviors recurse="directories" recurse_direction="down" max_depth="-1"/><unix:path>${root}</unix:path><unix:filename>stray</unix:filename></unix:file_object>
${line('9', `${root}/etc/os-release`, `^VERSION_ID="${release}"$`)}
</objects>
<states><ind:textfilecontent54_state id="oval:org.example:ste:1" version="1"><ind:subexpression operation="pattern match">^0?[0-7][2-7]7$</ind:subexpression></ind:textfilecontent54_state></states>
</oval_definitions></ds:component>
</ds:data-stream-collection>`;

const rule = (name: string, section: string, description: string, definition: string): string =>
  `<Rule id="${ovalRule(name)}" selected="false" severity="medium"><title>Ensure ${name}</title><description>${description}</description>
<reference href="https://www.cisecurity.org/benchmark/live/">${section}</reference><rationale>Because.</rationale>
<check system="http://oval.mitre.org/XMLSchema/oval-definitions-5"><check-content-ref href="oval.xml" name="oval:org.example:def:${definition}"/></check></Rule>`;

const definition = (id: string, kind: string): string =>
  `<definition id="oval:org.example:def:${id}" version="1" class="${kind}"><metadata><title>${id}</title><affected family="unix"/><description>${id}</description></metadata><criteria><criterion test_ref="oval:org.example:tst:${id}"/></criteria></definition>`;

const line = (id: string, file: string, pattern: string): string =>
  `<ind:textfilecontent54_object id="oval:org.example:obj:${id}" version="1"><ind:filepath>${file}</ind:filepath><ind:pattern operation="pattern match">${pattern}</ind:pattern><ind:instance datatype="int">1</ind:instance></ind:textfilecontent54_object>`;
