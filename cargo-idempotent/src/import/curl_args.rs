//! curl's options, as far as they shape a request; those that only shape the
//! output are known and ignored.

use clap::Parser;

#[derive(Parser)]
#[command(name = "curl", disable_help_flag = true, disable_version_flag = true)]
pub(super) struct Args {
    #[arg(short = 'X', long)]
    pub(super) request: Option<String>,
    #[arg(short = 'H', long)]
    pub(super) header: Vec<String>,
    #[arg(
        short = 'd',
        long,
        visible_alias = "data-ascii",
        allow_hyphen_values = true
    )]
    pub(super) data: Vec<String>,
    #[arg(long, allow_hyphen_values = true)]
    pub(super) data_raw: Vec<String>,
    #[arg(long, allow_hyphen_values = true)]
    pub(super) data_binary: Vec<String>,
    #[arg(long, allow_hyphen_values = true)]
    pub(super) data_urlencode: Vec<String>,
    #[arg(long, allow_hyphen_values = true)]
    pub(super) json: Vec<String>,
    #[arg(long)]
    pub(super) url_query: Vec<String>,
    #[arg(short = 'F', long)]
    pub(super) form: Vec<String>,
    #[arg(long)]
    pub(super) form_string: Vec<String>,
    #[arg(short = 'T', long)]
    pub(super) upload_file: Option<String>,
    #[arg(short = 'u', long)]
    pub(super) user: Option<String>,
    #[arg(long)]
    pub(super) oauth2_bearer: Option<String>,
    #[arg(short = 'b', long)]
    pub(super) cookie: Option<String>,
    #[arg(short = 'A', long)]
    pub(super) user_agent: Option<String>,
    #[arg(short = 'e', long)]
    pub(super) referer: Option<String>,
    #[arg(short = 'I', long)]
    pub(super) head: bool,
    #[arg(short = 'G', long)]
    pub(super) get: bool,
    #[arg(long = "url")]
    pub(super) urls: Vec<String>,
    pub(super) positional: Vec<String>,
    #[command(flatten)]
    _ignored: Ignored,
}

/// What changes the output or the connection, not the request.
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "they are curl's switches")]
struct Ignored {
    #[arg(short = 's', long, action = clap::ArgAction::Count)]
    silent: u8,
    #[arg(short = 'S', long)]
    show_error: bool,
    #[arg(short = 'i', long, visible_alias = "show-headers")]
    include: bool,
    #[arg(short = 'v', long, action = clap::ArgAction::Count)]
    verbose: u8,
    #[arg(short = 'L', long)]
    location: bool,
    #[arg(short = 'k', long)]
    insecure: bool,
    #[arg(short = 'f', long)]
    fail: bool,
    #[arg(short = 'N', long)]
    no_buffer: bool,
    #[arg(short = 'g', long)]
    globoff: bool,
    #[arg(long)]
    fail_with_body: bool,
    #[arg(long)]
    compressed: bool,
    #[arg(long = "http1.1")]
    http1_1: bool,
    #[arg(long)]
    http2: bool,
    #[arg(long)]
    path_as_is: bool,
    #[arg(short = 'o', long)]
    output: Vec<String>,
    #[arg(short = 'w', long)]
    write_out: Option<String>,
    #[arg(short = 'm', long)]
    max_time: Option<String>,
    #[arg(long)]
    connect_timeout: Option<String>,
    #[arg(long)]
    retry: Option<String>,
    #[arg(short = 'x', long)]
    proxy: Option<String>,
    #[arg(short = 'c', long)]
    cookie_jar: Option<String>,
    #[arg(long)]
    cacert: Option<String>,
    #[arg(short = 'E', long)]
    cert: Option<String>,
    #[arg(long)]
    key: Option<String>,
    #[arg(long)]
    retry_delay: Option<String>,
    #[arg(long)]
    retry_connrefused: bool,
    #[arg(long)]
    noproxy: Option<String>,
    #[arg(long)]
    resolve: Vec<String>,
    #[arg(short = 'D', long)]
    dump_header: Option<String>,
    #[arg(short = '4', long)]
    ipv4: bool,
    #[arg(short = '#', long)]
    progress_bar: bool,
    #[arg(long)]
    http2_prior_knowledge: bool,
}
