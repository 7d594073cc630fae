// Vault for the secrets of channels. People store the secrets; no template contains them.

@description('Name of the resource.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region of the resources.')
param location string

@description('Tags of all our resources.')
param tags object

@description('Principal id of the app\'s identity.')
param principalId string

@description('Prevents the purge of a deleted vault for 90 days. Cannot be undone.')
param purgeProtection bool

@description('Recovers the deleted vault of this name instead of creating one.')
param recover bool

@description('Closes the vault to everything but private endpoints and Azure services.')
param isolated bool

var roles = loadJsonContent('../roles.json')

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The service refuses the value false.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isolated ? 'Deny' : 'Allow'
    }
  }
}

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, roles.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
    description: 'Bastion Archivist: resolve app settings that refer to secrets'
  }
}

@description('Resource id of the created resource.')
output id string = vault.id

@description('Name of the resource.')
output name string = vault.name

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
