#!/usr/bin/env sh
# Runs after `azd up`: offers the test of the deployment.
echo 'Record a session, and follow it from the blob to the notification: archivist doctor --follow'
