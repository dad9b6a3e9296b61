//! An S3 server: moto, over HTTP, spoken to with the real SDK.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};

use crate::python_server::PythonServer;

/// A bucket of its own in a server.
pub struct S3 {
    /// Where the server listens, as a URL.
    pub endpoint: String,
    bucket: String,
    client: Client,
    runtime: tokio::runtime::Runtime,
    /// The server, where it is this test's alone.
    server: Option<PythonServer>,
}

impl S3 {
    /// A bucket in the server that all tests share.
    pub fn shared() -> Self {
        static SERVER: OnceLock<PythonServer> = OnceLock::new();
        Self::with(SERVER.get_or_init(serve).url(), None)
    }

    /// A server that this test may stop.
    pub fn own() -> Self {
        let server = serve();
        Self::with(server.url(), Some(server))
    }

    fn with(endpoint: String, server: Option<PythonServer>) -> Self {
        static BUCKETS: AtomicU64 = AtomicU64::new(1);
        let bucket = format!("scripts-{}", BUCKETS.fetch_add(1, Ordering::Relaxed));
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::for_tests())
            .endpoint_url(&endpoint)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .force_path_style(true)
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::from_conf(config);
        runtime.block_on(client.create_bucket().bucket(&bucket).send()).unwrap();
        Self { endpoint, bucket, client, runtime, server }
    }

    /// Has the bucket keep earlier versions of its files.
    pub fn keep_versions(&self) {
        let status = aws_sdk_s3::types::BucketVersioningStatus::Enabled;
        let configuration =
            aws_sdk_s3::types::VersioningConfiguration::builder().status(status).build();
        let request = self
            .client
            .put_bucket_versioning()
            .bucket(&self.bucket)
            .versioning_configuration(configuration);
        self.runtime.block_on(request.send()).unwrap();
    }

    /// Where the scripts of these tests are: `s3://bucket/live`.
    pub fn location(&self) -> String {
        format!("s3://{}/live", self.bucket)
    }

    /// Uploads a file.
    pub fn put(&self, name: &str, content: &(impl AsRef<[u8]> + ?Sized)) {
        let body = content.as_ref().to_vec().into();
        let request =
            self.client.put_object().bucket(&self.bucket).key(format!("live/{name}")).body(body);
        self.runtime.block_on(request.send()).unwrap();
    }

    /// The names of all that is there.
    pub fn names(&self) -> Vec<String> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix("live/");
        let listing = self.runtime.block_on(request.send()).unwrap();
        listing
            .contents()
            .iter()
            .filter_map(|object| Some(object.key()?.strip_prefix("live/")?.to_owned()))
            .collect()
    }

    /// What a file holds.
    pub fn get(&self, name: &str) -> Vec<u8> {
        let request = self.client.get_object().bucket(&self.bucket).key(format!("live/{name}"));
        self.runtime.block_on(async {
            request.send().await.unwrap().body.collect().await.unwrap().to_vec()
        })
    }

    /// Deletes a script.
    pub fn delete(&self, name: &str) {
        let request = self.client.delete_object().bucket(&self.bucket).key(format!("live/{name}"));
        self.runtime.block_on(request.send()).unwrap();
    }

    /// Stops the server.
    pub fn stop(&mut self) {
        drop(self.server.take().unwrap());
    }
}

fn serve() -> PythonServer {
    PythonServer::start("moto_server.py", &[("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")])
}
