// The queries of docs/operations.md on one page, for whoever looks after the archivist.

@description('Where it is.')
param location string

@description('What all our resources are labelled with.')
param tags object

@description('The resource id of the Log Analytics workspace that it asks.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'bastion-archivist')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Bastion Archivist'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
