<?xml version="1.0" encoding="UTF-8"?>
<!-- The page of a report that is a folder: its title, the question that it answers, its rows as a table.
     A page imports this, and may give what stands before the table as the template "figures".
     A row has a value for each column, in their order, as it is read (a null is empty).  What is the same all
     down a column is said once, at its head and in the style: cells are many. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
	xmlns:d="https://doorstep.example/ns/v1" exclude-result-prefixes="d">
	<xsl:import href="frame.xsl"/>

	<xsl:template name="own-style">
					@page { size: A4 landscape; margin: 12mm }
					body { font-size: 9pt; max-width: 270mm }
					th, td { overflow-wrap: break-word }
					figure { margin: .6em 0; max-width: 200mm; page-break-inside: avoid }
					<xsl:for-each select="d:column">
						<xsl:if test="@type = 'integer' or @type = 'decimal'">
							<xsl:value-of select="concat('td:nth-child(', position(), ') { text-align: right } ')"/>
						</xsl:if>
					</xsl:for-each>
	</xsl:template>

	<xsl:template name="figures"/>

	<xsl:template match="/d:report">
		<xsl:call-template name="frame">
			<xsl:with-param name="title" select="@title"/>
		</xsl:call-template>
	</xsl:template>

	<xsl:template match="/d:report" mode="content">
		<xsl:variable name="rows" select="*[last()]/*"/>
		<h1><xsl:value-of select="@title"/></h1>
		<p><xsl:value-of select="@answers"/></p>
		<xsl:if test="@serves"><p class="note"><xsl:value-of select="@serves"/></p></xsl:if>
		<xsl:if test="d:asked"><p><xsl:text>Asked for: </xsl:text><xsl:apply-templates select="d:asked"/></p></xsl:if>
		<xsl:call-template name="figures"/>
		<xsl:choose>
			<xsl:when test="$rows"><xsl:apply-templates select="." mode="table"/></xsl:when>
			<xsl:otherwise><p><strong>There is nothing to report.</strong></p></xsl:otherwise>
		</xsl:choose>
		<p><xsl:value-of select="concat('Rows: ', count($rows))"/></p>
	</xsl:template>

	<xsl:template match="d:asked">
		<xsl:if test="position() &gt; 1">, </xsl:if>
		<xsl:value-of select="concat(@name, ' ', .)"/>
	</xsl:template>

	<xsl:template match="d:report" mode="table">
		<table>
			<thead><tr><xsl:apply-templates select="d:column" mode="head"/></tr></thead>
			<tbody>
				<xsl:for-each select="*[last()]/*">
					<tr><xsl:for-each select="*"><td><xsl:value-of select="."/></td></xsl:for-each></tr>
				</xsl:for-each>
			</tbody>
		</table>
	</xsl:template>

	<xsl:template match="d:column" mode="head">
		<th>
			<xsl:if test="@type = 'integer' or @type = 'decimal'"><xsl:attribute name="class">number</xsl:attribute></xsl:if>
			<xsl:value-of select="@title"/>
			<xsl:if test="@unit"><xsl:value-of select="concat(' (', @unit, ')')"/></xsl:if>
		</th>
	</xsl:template>
</xsl:stylesheet>
