#!/usr/bin/env sh
# Runs before `azd down`: refuses a version of azd that deletes resource groups of others, and lists what is deleted.
#   AZURE_SUBSCRIPTION_ID     the subscription of the environment, set by azd; the Azure CLI may have another one selected
set -eu

# Versions before this one also delete the resource groups of the bastion and of the recordings.
required=1.24.1

# An output of the templates, which azd passes to its hooks.
group=${AZURE_RESOURCE_GROUP:-}

found=$(azd version | sed -n 's/^azd version \([0-9][0-9.]*\).*/\1/p')
lowest=$(printf '%s\n%s\n' "$required" "${found:-0}" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)
if [ "$lowest" != "$required" ]; then
    echo "azd ${found:-of an unknown version} would also delete the resource groups of the bastion and of the recordings" >&2
    echo "update azd to $required or newer, or delete only our group: az group delete --name ${group:-rg-archivist-…}" >&2
    exit 1
fi

if [ -z "$group" ]; then
    echo 'AZURE_RESOURCE_GROUP is not set: read the list of azd closely'
else
    echo "azd down deletes the resource group $group with the catalogue, the queues and the ledger:"
    if command -v az >/dev/null; then
        az resource list ${AZURE_SUBSCRIPTION_ID:+--subscription "$AZURE_SUBSCRIPTION_ID"} --resource-group "$group" \
            --query '[].id' --output tsv ||
            echo '(the Azure CLI could not list them, perhaps az login is missing or the group is gone: see the list of azd)'
    else
        echo '(the Azure CLI is not installed: see the list of azd)'
    fi
fi
echo 'If the list of azd contains any other resource group, answer no.'
echo 'Export the catalogue and the ledger first. "Leave" in infra/README.md lists the resources that stay.'
