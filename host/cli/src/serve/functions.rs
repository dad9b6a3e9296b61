//! Functions: who answers the events of an application.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::str::FromStr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use moonring_exchange::{Application, Outcome};
use moonring_sim::{Invocation, Reply};
use moonring_wire::{hint, nearest};
use serde_json::Value;

use super::lambda::{Lambda, LambdaClient};
use super::program::Program;
use super::watch::watch;
use crate::local_host::{Invoked, Scripts};
use crate::printer::Printer;

/// After so long nobody waits for an answer any more.
pub(super) const PATIENCE: Duration = Duration::from_secs(25);
/// The largest answer that is read. Lambda takes 6 MB.
const ANSWER: usize = 6 * 1024 * 1024;

/// Something that answers events.
#[derive(Clone)]
pub(crate) enum Function {
    /// The scripts of this program.
    Scripts,
    /// A function behind an address that takes invocations as Lambda does.
    Url(Uri),
    /// A function that wants signed requests: in AWS.
    Lambda(Lambda),
    /// A program that speaks the Runtime API: the words of a command line.
    Program(String),
}

/// The same, ready to be invoked.
enum Ready {
    Scripts,
    Url(Uri),
    Lambda(LambdaClient),
    Program(Rc<Program>),
}

impl FromStr for Function {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "scripts" {
            return Ok(Self::Scripts);
        }
        if let Some(command) =
            text.strip_prefix("run:").filter(|command| !command.trim().is_empty())
        {
            return Ok(Self::Program(command.to_owned()));
        }
        let uri = text.parse::<Uri>().ok().filter(|uri| uri.host().is_some());
        let function = match (text.strip_prefix("lambda:"), uri) {
            (Some(name), _) => Lambda::named(name).map(Self::Lambda),
            (None, Some(uri)) if uri.scheme_str() == Some("http") => Some(Self::Url(uri)),
            (None, Some(uri)) if uri.scheme_str() == Some("https") => {
                Lambda::at(&uri).map(Self::Lambda)
            }
            _ => None,
        };
        function.ok_or_else(|| {
            let word = text.split(':').next().unwrap_or(text);
            let hint = hint(word, ["scripts", "run", "lambda", "http", "https"]);
            let wanted = "wanted `scripts`, `run:PROGRAM ARGUMENTS`, `lambda:NAME` in AWS, or a URL such as \
             http://127.0.0.1:9000/2015-03-31/functions/NAME/invocations";
            format!("{wanted}{hint}")
        })
    }
}

/// The functions by their ARNs; any other ARN stands for the scripts.
pub(crate) struct Functions {
    /// None, where every function is named.
    scripts: Option<Rc<Scripts>>,
    by_arn: BTreeMap<String, Ready>,
    client: Client<HttpConnector, Body>,
}

impl Functions {
    /// Starts what is to be started.
    pub(crate) async fn start(
        scripts: Option<Rc<Scripts>>,
        functions: Vec<(String, Function)>,
        concurrency: usize,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let mut by_arn = BTreeMap::new();
        for (arn, function) in functions {
            anyhow::ensure!(
                !arn.is_empty(),
                "--function has no name before `=`; wanted ARN=TARGET"
            );
            let ready = match function {
                Function::Scripts => Ready::Scripts,
                Function::Url(uri) => Ready::Url(uri),
                Function::Lambda(lambda) => Ready::Lambda(lambda.client().await),
                Function::Program(command) => Ready::Program(
                    Program::start(plain(&arn), &command, concurrency, printer).await?,
                ),
            };
            anyhow::ensure!(
                by_arn.insert(arn.clone(), ready).is_none(),
                "--function {arn} is given twice; name each function once"
            );
        }
        Ok(Self { scripts, by_arn, client: Client::builder(TokioExecutor::new()).build_http() })
    }

    /// What to say of an application whose function nobody answers for by name.
    pub(crate) fn warning(&self, arn: &str) -> Option<String> {
        if self.by_arn.is_empty() || self.named(arn).is_some() {
            return None;
        }
        let hint = hint(plain(arn), self.by_arn.keys().map(|known| plain(known)));
        Some(match &self.scripts {
            Some(_) => format!("no --function names {arn}; the scripts answer for it{hint}"),
            None => format!("no --function names {arn}; nobody answers for it{hint}"),
        })
    }

    /// Whether every function that is named can be meant: a name that no application of an account
    /// has, and that is nearly one of theirs, is a slip.
    ///
    /// # Errors
    /// With the nearest name.
    pub(crate) fn check(&self, applications: &[Application]) -> anyhow::Result<()> {
        let has = |name: &str| {
            applications
                .iter()
                .any(|known| name == known.lambda_arn || plain(name) == plain(&known.lambda_arn))
        };
        for name in self.by_arn.keys().filter(|name| !has(name)) {
            let free = applications.iter().map(|known| known.lambda_arn.as_str());
            let free = free.filter(|arn| self.named(arn).is_none()).map(plain);
            if let Some(near) = nearest(plain(name), free) {
                anyhow::bail!(
                    "--function {name}: no application of the account has this function; did you mean `{near}`?"
                );
            }
        }
        Ok(())
    }

    fn named(&self, arn: &str) -> Option<&Ready> {
        let name = arn.split(":function:").nth(1).unwrap_or(arn);
        // With a version or an alias, or without.
        [arn, name, plain(arn)].into_iter().find_map(|name| self.by_arn.get(name))
    }

    /// The programs that were started here.
    pub(super) fn programs(&self) -> Vec<Rc<Program>> {
        let programs = self.by_arn.values().filter_map(|ready| match ready {
            Ready::Program(program) => Some(Rc::clone(program)),
            _ => None,
        });
        programs.collect()
    }

    /// Starts programs anew when their files change, for as long as the server runs.
    ///
    /// # Errors
    /// When files cannot be watched.
    pub(crate) async fn watch(&self) -> anyhow::Result<()> {
        watch(self.programs()).await
    }

    /// The scripts, where they answer for anything.
    pub(crate) fn scripts(&self) -> Option<&Rc<Scripts>> {
        self.scripts.as_ref()
    }

    /// The next event finds processes that know nothing of any call.
    pub(crate) fn forget_calls(&self) {
        if let Some(scripts) = &self.scripts {
            scripts.forget_calls();
        }
        self.programs().iter().for_each(|program| program.restart("forgotten"));
    }

    /// Invokes the function of an event's application. It ends when the function has answered, or
    /// failed to.
    pub(crate) async fn invoke(&self, invocation: &Invocation) -> Invoked {
        let began = Instant::now();
        let arn = invocation.application.lambda_arn.as_str();
        let function = self.named(arn).unwrap_or(&Ready::Scripts);
        let outcome = match function {
            Ready::Scripts => match &self.scripts {
                Some(scripts) => {
                    let mut invoked = scripts.reply(invocation).await;
                    invoked.reply.took += began.elapsed();
                    return invoked;
                }
                None => {
                    let why = format!("no --function names {arn}, and there are no scripts");
                    Outcome::Failed(why)
                }
            },
            Ready::Program(program) => program.invoke(invocation).await,
            Ready::Lambda(lambda) => lambda.invoke(&invocation.event).await,
            Ready::Url(uri) => self.post(uri, invocation).await,
        };
        let reply = Reply { outcome, took: began.elapsed(), ..Reply::default() };
        Invoked { reply, told: Vec::new() }
    }

    async fn post(&self, uri: &Uri, invocation: &Invocation) -> Outcome {
        let failed = |why: String| Outcome::Failed(format!("{uri}: {why}"));
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri)
            .header("content-type", "application/json");
        let request = match request.body(Body::from(invocation.event.to_string())) {
            Ok(request) => request,
            Err(error) => return failed(error.to_string()),
        };
        let response = match tokio::time::timeout(PATIENCE, self.client.request(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return failed(causes(&error)),
            Err(_) => return Outcome::Silence,
        };
        let (parts, body) = response.into_parts();
        let bytes = match tokio::time::timeout(PATIENCE, Limited::new(body, ANSWER).collect()).await
        {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) => return failed(format!("the answer was cut off: {error}")),
            Err(_) => return Outcome::Silence,
        };
        let text = || String::from_utf8_lossy(&bytes).chars().take(300).collect::<String>();
        match parts.status {
            StatusCode::TOO_MANY_REQUESTS => Outcome::Throttled,
            StatusCode::FORBIDDEN => Outcome::Denied,
            status if !status.is_success() => failed(format!("{status} {}", text())),
            _ if parts.headers.contains_key("x-amz-function-error") => {
                failed(format!("the function failed: {}", text()))
            }
            // What is no JSON is no answer, and the simulator says so as the service would.
            _ => answer_of(&bytes),
        }
    }
}

/// What a function has answered. What is no JSON is shown as it came, and refused as the service
/// would refuse it.
pub(super) fn answer_of(bytes: &[u8]) -> Outcome {
    let as_text = || Value::from(String::from_utf8_lossy(bytes).into_owned());
    Outcome::answer(serde_json::from_slice(bytes).unwrap_or_else(|_| as_text()))
}

/// The name of a function, without its account, version or alias.
fn plain(arn: &str) -> &str {
    let name = arn.split(":function:").nth(1).unwrap_or(arn);
    name.split(':').next().unwrap_or(name)
}

/// An error and what caused it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.join(": ")
}
