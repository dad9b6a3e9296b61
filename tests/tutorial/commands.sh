#!/usr/bin/env bash
# Every command of the service's getting-started tutorial, in its order: IAM and Lambda commands against moto, all others against the
# simulator. The environment says where both are. What a later step or the test needs is printed as NAME=VALUE.
set -euo pipefail

echo "== a number"
aws chime-sdk-voice search-available-phone-numbers --phone-number-type TollFree --country US --toll-free-prefix 844 --max-results 5 --region us-east-1
NUMBER=$(aws chime-sdk-voice search-available-phone-numbers --phone-number-type TollFree --country US --toll-free-prefix 844 --max-results 5 \
  --query "E164PhoneNumbers[0]" --output text)
ORDER=$(aws chime-sdk-voice create-phone-number-order --product-type SipMediaApplicationDialIn --e164-phone-numbers "$NUMBER" --region us-east-1 \
  --query PhoneNumberOrder.PhoneNumberOrderId --output text)
aws chime-sdk-voice get-phone-number-order --phone-number-order-id "$ORDER" --region us-east-1
aws chime-sdk-voice list-phone-numbers --region us-east-1
aws chime-sdk-voice list-phone-numbers --region us-east-1 --query "PhoneNumbers[?Status=='Unassigned'].E164PhoneNumber"

echo "== a function"
cat > lambda-trust-policy.json <<'JSON'
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
JSON
aws iam create-role --role-name ChimeSDKLambdaRole --assume-role-policy-document file://lambda-trust-policy.json
aws iam attach-role-policy --role-name ChimeSDKLambdaRole --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
ACCOUNT_ID=$(aws sts get-caller-identity --query Account --output text)
python3 -c "import zipfile; zipfile.ZipFile('function.zip', 'w').writestr('index.js', 'exports.handler = async () => ({SchemaVersion: \"1.0\"})')"
for name in ChimeSDKCallHandler ChimeSDKBackupHandler; do
  aws lambda create-function --function-name "$name" --runtime nodejs18.x --role "arn:aws:iam::${ACCOUNT_ID}:role/ChimeSDKLambdaRole" \
    --handler index.handler --zip-file fileb://function.zip
  aws lambda add-permission --function-name "$name" --statement-id ChimeSDK --action lambda:InvokeFunction \
    --principal voiceconnector.chime.amazonaws.com --source-account "${ACCOUNT_ID}"
done

echo "== an application and its rules"
LAMBDA_ARN=$(aws lambda get-function --function-name ChimeSDKCallHandler --query Configuration.FunctionArn --output text)
aws chime-sdk-voice create-sip-media-application --aws-region us-east-1 --name "MyCallHandlerApp" --endpoints "[{\"LambdaArn\":\"${LAMBDA_ARN}\"}]"
SIP_MEDIA_APP_ID=$(aws chime-sdk-voice list-sip-media-applications \
  --query "SipMediaApplications[?Name=='MyCallHandlerApp'].SipMediaApplicationId" --output text)
PHONE_NUMBER=$(aws chime-sdk-voice list-phone-numbers --query "PhoneNumbers[?Status=='Unassigned'].E164PhoneNumber | [0]" --output text)
aws chime-sdk-voice create-sip-rule --name "IncomingCallRule" --trigger-type ToPhoneNumber --trigger-value "${PHONE_NUMBER}" \
  --target-applications "[{\"SipMediaApplicationId\":\"${SIP_MEDIA_APP_ID}\",\"Priority\":1}]"
aws chime-sdk-voice create-sip-rule --name "VoiceConnectorRule" --trigger-type RequestUriHostname --trigger-value "example.voiceconnector.chime.aws" \
  --target-applications "[{\"SipMediaApplicationId\":\"${SIP_MEDIA_APP_ID}\",\"Priority\":1}]"

echo "== a backup"
BACKUP_LAMBDA_ARN=$(aws lambda get-function --function-name ChimeSDKBackupHandler --query Configuration.FunctionArn --output text)
aws chime-sdk-voice create-sip-media-application --aws-region us-east-1 --name "BackupCallHandlerApp" \
  --endpoints "[{\"LambdaArn\":\"${BACKUP_LAMBDA_ARN}\"}]"
BACKUP_SIP_MEDIA_APP_ID=$(aws chime-sdk-voice list-sip-media-applications \
  --query "SipMediaApplications[?Name=='BackupCallHandlerApp'].SipMediaApplicationId" --output text)
SIP_RULE_ID=$(aws chime-sdk-voice list-sip-rules --query "SipRules[?Name=='IncomingCallRule'].SipRuleId" --output text)
TARGETS="[{\"SipMediaApplicationId\":\"${SIP_MEDIA_APP_ID}\",\"Priority\":1},{\"SipMediaApplicationId\":\"${BACKUP_SIP_MEDIA_APP_ID}\",\"Priority\":2}]"
# As the tutorial has it; the command line itself wants a name.
if aws chime-sdk-voice update-sip-rule --sip-rule-id "${SIP_RULE_ID}" --target-applications "$TARGETS" 2>/dev/null; then
  echo "the command line took an update without a name" >&2
  exit 1
fi
aws chime-sdk-voice update-sip-rule --sip-rule-id "${SIP_RULE_ID}" --name IncomingCallRule --target-applications "$TARGETS"

echo "== a call, updated"
TRANSACTION_ID=$(aws chime-sdk-voice create-sip-media-application-call --from-phone-number "${PHONE_NUMBER}" --to-phone-number "+12065550102" \
  --sip-media-application-id "${SIP_MEDIA_APP_ID}" --query SipMediaApplicationCall.TransactionId --output text)
echo "TRANSACTION_ID=$TRANSACTION_ID"
# It can be updated once it was answered, after three seconds or so.
until aws chime-sdk-voice update-sip-media-application-call --sip-media-application-id "${SIP_MEDIA_APP_ID}" \
  --transaction-id "${TRANSACTION_ID}" --arguments '{"action":"custom-action"}' 2>/dev/null; do :; done

echo "== clean-up"
SIP_RULE_ID=$(aws chime-sdk-voice list-sip-rules --query "SipRules[?Name=='IncomingCallRule'].SipRuleId" --output text)
aws chime-sdk-voice delete-sip-rule --sip-rule-id "${SIP_RULE_ID}"
# The tutorial forgets its second rule.
OTHER_RULE_ID=$(aws chime-sdk-voice list-sip-rules --query "SipRules[?Name=='VoiceConnectorRule'].SipRuleId" --output text)
aws chime-sdk-voice delete-sip-rule --sip-rule-id "${OTHER_RULE_ID}"
aws chime-sdk-voice delete-sip-media-application --sip-media-application-id "${SIP_MEDIA_APP_ID}"
aws chime-sdk-voice delete-sip-media-application --sip-media-application-id "${BACKUP_SIP_MEDIA_APP_ID}"
aws lambda delete-function --function-name ChimeSDKCallHandler
aws lambda delete-function --function-name ChimeSDKBackupHandler
aws iam detach-role-policy --role-name ChimeSDKLambdaRole --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
aws iam delete-role --role-name ChimeSDKLambdaRole
aws chime-sdk-voice list-phone-numbers
aws chime-sdk-voice delete-phone-number --phone-number-id "${PHONE_NUMBER}"
echo "LEFT_RULES=$(aws chime-sdk-voice list-sip-rules --query 'length(SipRules)')"
echo "LEFT_APPLICATIONS=$(aws chime-sdk-voice list-sip-media-applications --query 'length(SipMediaApplications)')"
echo "NUMBER_STATUS=$(aws chime-sdk-voice get-phone-number --phone-number-id "${PHONE_NUMBER}" --query PhoneNumber.Status --output text)"
