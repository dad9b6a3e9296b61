# A line of Moonring for Terraform: the template beside this file as a stack, with the package in a bucket.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "name" {
  description = "The name of the line, which is the name of its function too"
  default     = "acme-line"
}

variable "architecture" {
  description = "The processor of the package: arm64 or x86_64, as `moonring package` says"
}

variable "parameters" {
  description = "Other parameters of template.yaml, such as MemorySize"
  type        = map(string)
  default     = {}
}

resource "aws_s3_bucket" "packages" {
  bucket_prefix = "${var.name}-packages-"
}

resource "aws_s3_object" "package" {
  bucket = aws_s3_bucket.packages.id
  # A key of its own for each package: the alias of the function follows.
  key    = "moonring-${filesha256("../moonring.zip")}.zip"
  source = "../moonring.zip"

  # The stack goes back to the package before if an update fails.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "line" {
  name          = var.name
  template_body = file("template.yaml")
  capabilities  = ["CAPABILITY_IAM"]
  parameters = merge(var.parameters, {
    CodeBucket   = aws_s3_bucket.packages.id
    CodeKey      = aws_s3_object.package.key
    Architecture = var.architecture
  })
}

output "line" {
  value = aws_cloudformation_stack.line.outputs
}
