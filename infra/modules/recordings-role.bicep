// A role of our own for containers with recordings: read them and tag them, and delete them only where that is asked for.
// The built-in roles give either no right to tags or every right there is.

@description('The environment, by which people know the role.')
param environmentName string

@description('What keeps the roles of several deployments apart, also of environments that are called the same.')
param token string

@description('Whether the archivist itself deletes what its policy lets go.')
param mayDelete bool

var tagging = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read'
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write'
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/filter/action'
]

var deleting = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'
]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(toLower(resourceGroup().id), token, 'bastion-archivist-recordings')
  properties: {
    // No two roles of a tenant may have the same name.
    roleName: 'Bastion Archivist, recordings (${environmentName}, ${uniqueString(toLower(resourceGroup().id), token)})'
    description: mayDelete ? 'Reads recordings, writes their index tags, and deletes them' : 'Reads recordings and writes their index tags'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read']
        notActions: []
        dataActions: mayDelete ? concat(tagging, deleting) : tagging
        notDataActions: []
      }
    ]
  }
}
