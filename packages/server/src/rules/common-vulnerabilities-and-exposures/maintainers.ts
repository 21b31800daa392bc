/**
 * Whether a maintainer is a maker of software that packages its own builds: what few say of themselves, and beside it
 * those that are known. Who maintains a package of Debian or Alpine is a person, or a team of the distribution.
 */
export const isVendor = (maintainer: string | undefined): boolean =>
  maintainer !== undefined && !own.test(maintainer) && (company.test(maintainer) || known.test(maintainer));

const own = /@(?:[\w.-]+\.)?(?:debian|alpinelinux|ubuntu|wolfi|chainguard)\.(?:org|com|net|dev)\b/i;
const company =
  /\b(?:Inc|LLC|Ltd|Limited|GmbH|Corp|Corporation|B\.V|S\.A|Release (?:Engineering|Team)|Packaging|Packagers?|Build (?:Team|Engineering)|(?:Linux|Support|Engineering|Infrastructure|Developer)s? Team)\b|<(?:support|packages?|packaging|packagers?|build|builds|release|releases|releng|info|contact|sales|hello|devops|infra|engineering)[@+-]/i;
const known =
  /@(?:[\w-]+\.)*(?:chromium\.org|google\.com|microsoft\.com|github\.com|gitlab\.com|docker\.com|mariadb\.(?:org|com)|mysql\.com|oracle\.com|percona\.com|nginx\.(?:com|org)|f5\.com|redis\.(?:io|com)|nodesource\.com|elastic\.co|grafana\.com|influxdata\.com|mongodb\.com|hashicorp\.com|slack-corp\.com|slack\.com|spotify\.com|zoom\.us|postgresql\.org|proxmox\.com|raspberrypi\.(?:org|com)|puppet\.com|zabbix\.com|rabbitmq\.com|vmware\.com|datadoghq\.com|brave\.com|opera\.com|vivaldi\.com|mozilla\.(?:org|com)|winehq\.org|bell-sw\.com|azul\.com|adoptium\.net|eclipse\.org|kubernetes\.io|tailscale\.com|cloudflare\.com|haproxy\.com)\b/i;
