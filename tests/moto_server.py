"""Serves AWS APIs on a free port, prints the port, and ends when its standard input does (so it never outlives the tests)."""

import sys

from moto.awslambda.models import LambdaBackend
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer

# moto takes the resource policy of an alias in its API, but not in a template; Lambda takes both.
find_function = LambdaBackend.get_function


def get_function(self, name, qualifier=None):
    parts = name.split(":")
    if name.startswith("arn:") and len(parts) == 8:
        name = ":".join(parts[:7])
    return find_function(self, name, qualifier)


LambdaBackend.get_function = get_function


# moto calls the root of this answer otherwise than S3 does, and the SDK for Rust reads what S3 says.
def get_bucket_versioning(self):
    self.data["Action"] = "GetBucketVersioning"
    self._authenticate_and_authorize_s3_action(bucket_name=self.bucket_name)
    status = self.backend.get_bucket_versioning(self.bucket_name)
    status = f"<Status>{status}</Status>" if status else ""
    root = '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    return 200, {}, f"{root}{status}</VersioningConfiguration>"


S3Response.get_bucket_versioning = get_bucket_versioning

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
