<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
	<xsl:import href="../table.xsl"/>
	<xsl:import href="../chart.xsl"/>

	<xsl:template name="figures">
		<xsl:call-template name="bars">
			<xsl:with-param name="rows" select="*[last()]/*"/>
			<xsl:with-param name="label" select="'outcome'"/>
			<xsl:with-param name="value" select="'visits'"/>
			<xsl:with-param name="title" select="'Visits by outcome'"/>
		</xsl:call-template>
	</xsl:template>
</xsl:stylesheet>
