// A line of Moonring as an app of the AWS CDK: the template beside this file, with the package as an asset.
import { App, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { Asset } from "aws-cdk-lib/aws-s3-assets";

const app = new App();
const stack = new Stack(app, "acme-line");
const code = new Asset(stack, "Package", { path: "../moonring.zip" });
new CfnInclude(stack, "Line", {
  templateFile: "template.yaml",
  parameters: {
    CodeBucket: code.s3BucketName,
    CodeKey: code.s3ObjectKey,
    // As `moonring package` says: arm64 or x86_64.
    Architecture: app.node.getContext("architecture"),
  },
});
