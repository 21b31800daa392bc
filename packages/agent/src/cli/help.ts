export const HELP = `Usage: assay-agent COMMAND [OPTIONS]

Collects evidence about this host for an Assay server. It judges nothing and changes nothing.

  install     enrol this host, and run the agent from now on; done again, it is an update (root)
  uninstall   stop the agent and remove everything that install made (root)
  doctor      what the agent can see of this host and what not, and whether its server answers
  show        the evidence of this host as it would be sent, JSON; show packages for one kind
  run         what the service does, in the foreground
  version     this agent's version

Options of install and run
  --server URL        such as https://assay.example.com:8020
  --token-file FILE   one-time enrolment token; - reads standard input (default: $ASSAY_ENROLLMENT_TOKEN)
  --tag KEY=VALUE     a tag by which targets choose this host; may be repeated
  --ca FILE           trust the certificates in this PEM file, and no others
  --insecure-http     allow plain HTTP to another host

Options of install
  --user NAME         run as this user, which is made where there is none (default: root, which sees everything)
  --interval TIME     do not stay: look for runs this often (60s to 1d, such as 15m) and leave no process meanwhile;
                      off to stay again
  --no-start          do not start the service now, as in an image that is being made

Options of run
  --state-dir DIR     where the agent keeps its key (default: /var/lib/assay-agent, or ~/.local/state/assay-agent)
  --interval TIME     one visit: deliver what runs ask for now and end; the server expects the next one in this time
  --once              end after the evidence of one run is delivered

Exit status: 0 done; 1 doctor found that something cannot be seen or reached; 2 the command failed.`;
