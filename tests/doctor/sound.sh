# An account in which nothing is wrong: everything between a caller and the scripts.
set -euo pipefail
for bucket in acme-scripts acme-audio acme-recordings; do
  aws s3api create-bucket --bucket $bucket
done
aws s3api put-bucket-versioning --bucket acme-scripts --versioning-configuration Status=Enabled
aws s3api put-public-access-block --bucket acme-scripts --public-access-block-configuration \
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
cat > main.lua <<'LUA'
return function(call: Call)
  chime.create_meeting()
  call:say("Welcome.")
end
LUA
aws s3 cp main.lua s3://acme-scripts/live/main.lua
open_bucket() {
  aws s3api put-bucket-policy --bucket "$1" --policy "{\"Version\": \"2012-10-17\", \"Statement\": [{
    \"Effect\": \"Allow\", \"Principal\": {\"Service\": \"voiceconnector.chime.amazonaws.com\"}, \"Action\": $2,
    \"Resource\": \"arn:aws:s3:::$1/*\", \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"123456789012\"}}}]}"
}
open_bucket acme-audio '"s3:GetObject"'
open_bucket acme-recordings '["s3:PutObject", "s3:PutObjectAcl"]'
aws ssm put-parameter --name /acme/key --type SecureString --value 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
aws iam create-role --role-name acme-line --assume-role-policy-document '{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}'
allow() {
  aws iam put-role-policy --role-name acme-line --policy-name "$1" --policy-document \
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": $2, \"Resource\": \"$3\"}]}"
}
allow log '["logs:CreateLogStream", "logs:PutLogEvents"]' 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/acme-line:*'
allow scripts '["s3:GetObject"]' 'arn:aws:s3:::acme-scripts/live/*'
allow versions '["s3:GetObjectVersion"]' 'arn:aws:s3:::acme-scripts/live/*'
allow list '["s3:ListBucket", "s3:ListBucketVersions"]' 'arn:aws:s3:::acme-scripts'
allow state '["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]' 'arn:aws:s3:::acme-scripts/state/*'
allow storage '["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]' 'arn:aws:s3:::acme-scripts/storage/*'
allow secret '"ssm:GetParameter"' 'arn:aws:ssm:us-east-1:123456789012:parameter/acme/key'
allow chime '"chime:CreateMeeting"' '*'
printf x > bootstrap
python3 -c "import zipfile; zipfile.ZipFile('package.zip', 'w').write('bootstrap')"
variables() {
  echo "{\"Variables\": {\"MOONRING_SCRIPTS\": \"s3://acme-scripts/live\", \"MOONRING_AUDIO_BUCKET\": \"acme-audio\",
    \"MOONRING_RECORDING_BUCKET\": \"acme-recordings\", \"MOONRING_STATE\": \"s3://acme-scripts/state\",
    \"MOONRING_STORAGE\": \"s3://acme-scripts/storage\", \"MOONRING_SECRET_KEY\": \"ssm:/acme/key\",
    \"MOONRING_ACCOUNTS\": \"123456789012\"$1}}"
}
aws lambda create-function --function-name acme-line --runtime provided.al2023 --handler bootstrap --timeout 10 \
  --memory-size 256 --role arn:aws:iam::123456789012:role/acme-line --zip-file fileb://package.zip \
  --environment "$(variables '')"
aws lambda publish-version --function-name acme-line
aws lambda create-alias --function-name acme-line --name line --function-version 1
aws lambda add-permission --function-name acme-line --qualifier line --statement-id telephone \
  --action lambda:InvokeFunction --principal voiceconnector.chime.amazonaws.com --source-account 123456789012
aws logs create-log-group --log-group-name /aws/lambda/acme-line
aws logs create-log-stream --log-group-name /aws/lambda/acme-line --log-stream-name one
aws logs put-retention-policy --log-group-name /aws/lambda/acme-line --retention-in-days 30
moonring provision apply --name acme-line --function arn:aws:lambda:us-east-1:123456789012:function:acme-line:line \
  --number "$NUMBER" --order --message-logs true
aws chime-sdk-voice create-sip-media-application --aws-region us-west-2 --name west \
  --endpoints LambdaArn=arn:aws:lambda:us-west-2:123456789012:function:acme-line
